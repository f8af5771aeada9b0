using System;

namespace FastPath.Dataplane.Engine;

/// <summary>A token bucket for messages the switch sends itself.</summary>
[PerWorker]
public struct RateLimit(int perSecond, int burst)
{
    private readonly long _interval = 1_000_000_000 / perSecond;
    private readonly long _depth = 1_000_000_000L / perSecond * burst;
    private long _paidUntil;

    /// <summary>Whether one more may be sent now.</summary>
    public bool TryTake(Tick now)
    {
        long start = Math.Max(_paidUntil, now.Nanoseconds - _depth);
        if (start + _interval > now.Nanoseconds)
            return false;
        _paidUntil = start + _interval;
        return true;
    }
}
