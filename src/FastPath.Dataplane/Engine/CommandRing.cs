using System;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// Requests from the control thread to one worker: writes to tables that the worker owns. Carried out between batches,
/// in order.
/// </summary>
[Shared]
public sealed class CommandRing
{
    private readonly SpscRing<Action<Worker>> _ring = new(Limits.CommandsMax);

    /// <summary>
    /// Adds a request; false when <see cref="Limits.CommandsMax"/> wait already. Control thread only.
    /// </summary>
    public bool TryAdd(Action<Worker> command) => _ring.TryAdd(command);

    /// <summary>Whether all requests so far have been taken by the worker.</summary>
    public bool IsEmpty => _ring.IsEmpty;

    /// <summary>Carries out what waits. Worker only. True when there was something.</summary>
    internal bool RunAll(Worker worker)
    {
        bool any = false;
        while (_ring.TryTake(out Action<Worker> command))
        {
            command(worker);
            any = true;
        }

        return any;
    }
}
