using System;

namespace FastPath.Control.Switch;

/// <summary>A port of the configuration: open or not, and why.</summary>
internal sealed class PortSlot(string key, int number, Func<OpenPort> open, Action remove, EventLog events)
{
    /// <summary>No time at all: it is open.</summary>
    public const long Never = long.MaxValue;

    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_lastRetry = TimeSpan.FromSeconds(10);

    private TimeSpan _retryAfter = s_firstRetry;

    public string Key { get; } = key;

    public int Number { get; } = number;

    public string Name => Keys.NameOf(Key);

    /// <summary>Null while it is missing or failed.</summary>
    public OpenPort? Open { get; private set; }

    public PortState State { get; private set; } = PortState.Missing;

    /// <summary>Why it is not up; empty when it is.</summary>
    public string Reason { get; private set; } = "not opened yet";

    public DateTime Since { get; private set; } = DateTime.UtcNow;

    /// <summary>When to try again, in the milliseconds of <see cref="Environment.TickCount64"/>, which nobody sets back.</summary>
    public long RetryAt { get; private set; } = Never;

    /// <summary>The device it had last, to recognise it when the kernel speaks of it.</summary>
    public DeviceFacts LastFacts { get; private set; } = new();

    /// <summary>Opens the port. False, with the state changed and a retry planned, when that is not possible now.</summary>
    public bool TryOpen(out PortException? failure)
    {
        failure = null;
        try
        {
            Open = open();
            _retryAfter = s_firstRetry;
            RetryAt = Never;
            Refresh();
            return true;
        }
        catch (PortException e)
        {
            failure = e;
            Fail(e.IsMissing ? PortState.Missing : PortState.Failed, e.Message);
            return false;
        }
    }

    /// <summary>Removes what an opening that failed, or a device that went, has left. Only when it is not open.</summary>
    public void Remove() => remove();

    /// <summary>Takes the state from what the device is like now.</summary>
    public void Refresh()
    {
        DeviceFacts before = LastFacts;
        LastFacts = Open!.Facts;
        if (before.IfIndex == LastFacts.IfIndex && before.Mtu != LastFacts.Mtu)
            events.Add(Key, $"MTU {LastFacts.MtuExplanation} (was {before.Mtu})");
        Enter(LastFacts.IsUp ? PortState.Up : PortState.Down, LastFacts.DownReason);
    }

    /// <summary>The port is no longer open. The caller retires what <see cref="Open"/> was.</summary>
    public OpenPort? Close(PortState state, string reason)
    {
        OpenPort? was = Open;
        Open = null;
        Fail(state, reason);
        return was;
    }

    /// <summary>Tries again at once: the kernel said that its device may be there.</summary>
    public void RetryNow()
    {
        if (Open == null)
            RetryAt = 0;
    }

    private void Fail(PortState state, string reason)
    {
        RetryAt = Environment.TickCount64 + (long)_retryAfter.TotalMilliseconds;
        _retryAfter = _retryAfter * 2 < s_lastRetry ? _retryAfter * 2 : s_lastRetry;
        Enter(state, reason);
    }

    private void Enter(PortState state, string reason)
    {
        if (State == state && Reason == reason)
            return;
        State = state;
        Reason = reason;
        Since = DateTime.UtcNow;
        events.Add(Key, reason.Length == 0 ? Describe(state) : $"{Describe(state)}: {reason}");
    }

    private string Describe(PortState state) => state == PortState.Up
        ? $"up on {LastFacts.Device}: {Mode(LastFacts)}MTU {LastFacts.MtuExplanation}"
        : state.ToString().ToLowerInvariant();

    private static string Mode(DeviceFacts facts) =>
        facts.XdpMode.Length == 0 ? "" : $"{facts.XdpMode} XDP, {facts.CopyMode}, {facts.Queues} queue(s), ";
}
