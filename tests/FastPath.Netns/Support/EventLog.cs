using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Xunit;

namespace FastPath.Netns.Support;

/// <summary>Events in the order they came, from any thread, with waiting for one that fits.</summary>
internal sealed class EventLog<T> where T : notnull
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly List<T> _events = [];

    /// <summary>How many have come.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _events.Count;
        }
    }

    public void Add(T happened)
    {
        lock (_lock)
            _events.Add(happened);
    }

    public void Clear()
    {
        lock (_lock)
            _events.Clear();
    }

    /// <summary>All up to now.</summary>
    public List<T> Snapshot()
    {
        lock (_lock)
            return [.. _events];
    }

    /// <summary>The first event of a kind that fits, waiting for it if need be.</summary>
    public TEvent WaitFor<TEvent>(Func<TEvent, bool> fits, string what) where TEvent : T
    {
        TEvent? Find() => Snapshot().OfType<TEvent>().FirstOrDefault(fits);
        SpinWait.SpinUntil(() => Find() != null, s_patience);
        TEvent? found = Find();
        Assert.True(found != null, $"no event that says: {what}. There were:\n{string.Join('\n', Snapshot())}");
        return found!;
    }
}
