using System;
using System.Threading;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// Requests from the control thread to one worker: writes to tables that the worker owns. One producer, one consumer;
/// carried out between batches, in order.
/// </summary>
[Shared]
public sealed class CommandRing
{
    private const int Capacity = 1024;

    private readonly Action<Worker>?[] _commands = new Action<Worker>?[Capacity];
    private uint _written;
    private uint _read;

    /// <summary>Adds a request; false when 1,024 wait already. Control thread only.</summary>
    public bool TryAdd(Action<Worker> command)
    {
        if (_written - Volatile.Read(ref _read) == Capacity)
            return false;
        _commands[_written % Capacity] = command;
        Volatile.Write(ref _written, _written + 1); // release: pairs with the acquire in RunAll
        return true;
    }

    /// <summary>Whether all requests so far have been carried out.</summary>
    public bool IsEmpty => Volatile.Read(ref _read) == Volatile.Read(ref _written);

    /// <summary>Carries out what waits. Worker only. True when there was something.</summary>
    internal bool RunAll(Worker worker)
    {
        uint written = Volatile.Read(ref _written);
        if (written == _read)
            return false;
        while (_read != written)
        {
            uint at = _read % Capacity;
            _commands[at]!(worker);
            _commands[at] = null;
            Volatile.Write(ref _read, _read + 1);
        }

        return true;
    }
}
