using System;
using System.Collections.Generic;
using System.Globalization;
using FastPath.Api;

namespace FastPath.Control.Switch;

/// <summary>The latest changes of state with their reasons. Bounded; any thread.</summary>
internal sealed class EventLog
{
    private const int EventsMax = 256;

    private readonly Queue<EventView> _events = new();

    /// <summary>Hears every event as it happens, on the thread it happens on.</summary>
    public Action<EventView>? Added { get; set; }

    public void Add(string subject, string message)
    {
        EventView one = new(DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture), subject, message);
        lock (_events)
        {
            if (_events.Count == EventsMax)
                _events.Dequeue();
            _events.Enqueue(one);
        }

        Added?.Invoke(one);
    }

    /// <summary>Newest last.</summary>
    public IReadOnlyList<EventView> Latest()
    {
        lock (_events)
            return [.. _events];
    }
}
