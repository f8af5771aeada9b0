using System.Diagnostics;

namespace FastPath.Dataplane.Engine;

/// <summary>Where time comes from: the monotonic clock, or a simulator's.</summary>
[Shared]
public abstract class Clock
{
    /// <summary>The machine's monotonic clock (CLOCK_MONOTONIC): unmoved by changes of the date.</summary>
    public static Clock Monotonic { get; } = new MonotonicClock();

    public abstract Tick Now();

    [Shared]
    private sealed class MonotonicClock : Clock
    {
        // Stopwatch counts nanoseconds on Linux.
        public override Tick Now() => new(Stopwatch.GetTimestamp());
    }
}

/// <summary>A clock that moves when it is told to; for tests and simulation.</summary>
[Control]
public sealed class ManualClock : Clock
{
    private Tick _now = new(1_000_000_000);

    public override Tick Now() => _now;

    public void Advance(long nanoseconds) => _now += nanoseconds;
}
