using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using FastPath.Control.Plans;
using FastPath.Control.Switch;

namespace FastPath.Control.Daemon;

/// <summary>
/// Tells when the switch ceases to forward as configured and when it does so again. It looks a second after an event, so that
/// what comes and goes in between stays with its own events; without events it does nothing.
/// </summary>
/// <param name="events">Hears of it.</param>
/// <param name="isReady">What was told at the start.</param>
internal sealed class ReadyWatch(EventLog events, bool isReady)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private bool _isReady = isReady;

    /// <summary>Looks until it is cancelled.</summary>
    /// <param name="reasons">Why it is not ready; none when it is.</param>
    public async Task Run(Func<IReadOnlyList<string>> reasons, CancellationToken cancel)
    {
        Channel<bool> changes = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        events.Added += _ => changes.Writer.TryWrite(true);
        try
        {
            while (await changes.Reader.WaitToReadAsync(cancel))
            {
                await Task.Delay(s_interval, cancel);
                changes.Reader.TryRead(out _);
                See(reasons());
            }
        }
        catch (OperationCanceledException)
        {
            // The daemon ends.
        }
    }

    /// <summary>Takes the state now.</summary>
    public void See(IReadOnlyList<string> reasons)
    {
        if ((reasons.Count == 0) == _isReady)
            return;
        _isReady = reasons.Count == 0;
        events.Add("fastpathd", _isReady ? "ready" : $"ready, but degraded: {NameList.Of(reasons)}");
    }
}
