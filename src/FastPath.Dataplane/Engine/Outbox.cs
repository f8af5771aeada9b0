using System.Threading;
using FastPath.Dataplane.Tables;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// Requests from one worker to the control plane: neighbors to resolve on links that the kernel owns. One producer, one
/// consumer, bounded; a lost request is asked again a second later.
/// </summary>
[Shared]
public sealed class Outbox
{
    private const int Capacity = 256;

    private readonly NeighborKey[] _keys = new NeighborKey[Capacity];
    private uint _written;
    private uint _read;

    /// <summary>Adds a request; false when the ring is full. Worker only.</summary>
    public bool TryAdd(in NeighborKey key)
    {
        if (_written - Volatile.Read(ref _read) == Capacity)
            return false;
        _keys[_written % Capacity] = key;
        Volatile.Write(ref _written, _written + 1); // release: pairs with the acquire in TryTake
        return true;
    }

    /// <summary>Takes the oldest request. Control thread only.</summary>
    public bool TryTake(out NeighborKey key)
    {
        if (Volatile.Read(ref _written) == _read)
        {
            key = default;
            return false;
        }

        key = _keys[_read % Capacity];
        Volatile.Write(ref _read, _read + 1);
        return true;
    }
}
