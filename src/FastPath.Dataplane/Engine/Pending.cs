using System;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// Copies, own packets and released packets of one worker that wait for its next batch, in order, each with the node
/// where it enters.
/// </summary>
[PerWorker]
internal sealed class Pending
{
    private readonly Packet[] _packets = new Packet[Limits.PendingMax];
    private readonly Edge[] _entries = new Edge[Limits.PendingMax];
    private int _first;
    private int _count;

    public int Count => _count;

    public bool IsFull => _count == Limits.PendingMax;

    public bool TryAdd(in Packet packet, Edge entry)
    {
        if (_count == Limits.PendingMax)
            return false;
        int at = (_first + _count++) % Limits.PendingMax;
        _packets[at] = packet;
        _entries[at] = entry;
        return true;
    }

    /// <summary>Moves up to 64 packets into a batch, each in front of its node.</summary>
    public int MoveTo(Batch batch)
    {
        int count = Math.Min(_count, Batch.Capacity);
        for (int slot = 0; slot < count; slot++)
        {
            batch[slot] = _packets[_first];
            batch.Enter(PacketSet.Of(slot), _entries[_first]);
            _first = (_first + 1) % Limits.PendingMax;
        }

        _count -= count;
        return count;
    }
}
