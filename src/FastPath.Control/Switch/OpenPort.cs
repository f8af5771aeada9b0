using System;
using System.Collections.Generic;
using FastPath.Control.Config;
using FastPath.Dataplane.Ports;

namespace FastPath.Control.Switch;

/// <summary>One queue of a port and the worker that serves it.</summary>
internal sealed record PortQueue(int Worker, Port Port);

/// <summary>
/// A port whose device is there: its queues, and what must be undone at its end.
/// </summary>
/// <remarks>
/// The end: tables without it are published and seen; <see cref="Delete"/> when the configuration has no such port any
/// more; <see cref="Detach"/>; each worker retires its queues; <see cref="Dispose"/>.
/// </remarks>
internal abstract class OpenPort(string key, int number, IReadOnlyList<PortQueue> queues) : IDisposable
{
    /// <summary>What it is called in the port table.</summary>
    public string Key { get; } = key;

    /// <summary>Number in the port table.</summary>
    public int Number { get; } = number;

    /// <summary>All queues. A worker may serve several, and some workers none.</summary>
    public IReadOnlyList<PortQueue> Queues { get; } = queues;

    /// <summary>What the device is like; replaced as a whole when the kernel says something new.</summary>
    public DeviceFacts Facts { get; set; } = new();

    /// <summary>The worker that sends for those without a queue.</summary>
    public int Sender => Queues[0].Worker;

    /// <summary>The queue a worker sends by; null when it has none.</summary>
    public Port? QueueOf(int worker)
    {
        foreach (PortQueue queue in Queues)
            if (queue.Worker == worker)
                return queue.Port;
        return null;
    }

    /// <summary>Lets packets in. After the tables know the port and its workers have posted chunks.</summary>
    public virtual void Admit()
    {
    }

    /// <summary>
    /// Brings what lies outside the tables in line with them: claims of an uplink, routes of the host. After every
    /// generation.
    /// </summary>
    public virtual void Follow(DataplaneConfig config)
    {
    }

    /// <summary>Closes what the kernel could still write through. After all workers have let go of it.</summary>
    public virtual void Detach()
    {
    }

    /// <summary>Removes what FastPath made for it: a veth, pins.</summary>
    public virtual void Delete()
    {
    }

    public virtual void Dispose()
    {
        foreach (PortQueue queue in Queues)
            queue.Port.Dispose();
        GC.SuppressFinalize(this);
    }
}
