using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using FastPath.Api;
using FastPath.Control.Switch;

namespace FastPath.Control.Daemon;

/// <summary>
/// Tells when the switch ceases to forward as configured and when it does so again. It looks a second after an event, so that
/// what comes and goes in between stays with its own events; without events it does nothing.
/// </summary>
internal sealed class ReadyWatch
{
    private const string Subject = "fastpathd";

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly EventLog _events;
    private readonly Func<IReadOnlyList<string>> _reasons;
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private bool _isReady;

    /// <summary>Listens from now on: what happens before <see cref="Run"/> is looked at by it.</summary>
    /// <param name="events">Hears of it.</param>
    /// <param name="reasons">Why it is not ready; none when it is.</param>
    public ReadyWatch(EventLog events, Func<IReadOnlyList<string>> reasons)
    {
        _events = events;
        _reasons = reasons;
        events.Added += Hear;
    }

    /// <summary>Takes the state of the start, and says it of <paramref name="what"/>: later only what differs is told.</summary>
    public string Begin(string what)
    {
        IReadOnlyList<string> reasons = _reasons();
        _isReady = reasons.Count == 0;
        return Readiness.Describe(reasons, what);
    }

    /// <summary>Looks until it is cancelled.</summary>
    public async Task Run(CancellationToken cancel)
    {
        try
        {
            while (true)
                await Look(s_interval, cancel);
        }
        catch (OperationCanceledException)
        {
            // The daemon ends.
        }
    }

    /// <summary>Waits for an event, lets what follows it happen, too, and looks once.</summary>
    internal async Task Look(TimeSpan interval, CancellationToken cancel)
    {
        await _changes.Reader.WaitToReadAsync(cancel);
        await Task.Delay(interval, cancel);
        _changes.Reader.TryRead(out _); // before the look: an event after it has another
        See(_reasons());
    }

    private void See(IReadOnlyList<string> reasons)
    {
        if ((reasons.Count == 0) == _isReady)
            return;
        _isReady = reasons.Count == 0;
        _events.Add(Subject, Readiness.Describe(reasons));
    }

    /// <summary>What it tells itself is no reason to look again.</summary>
    private void Hear(EventView one)
    {
        if (one.Subject != Subject)
            _changes.Writer.TryWrite(true);
    }
}
