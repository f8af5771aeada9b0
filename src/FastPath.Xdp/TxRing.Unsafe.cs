using System;
using System.Threading;

namespace FastPath.Xdp;

/// <summary>
/// Packets to send, from one worker to the kernel; and, because a slot keeps its address until its completion has come,
/// the journal of what the kernel holds. It lies in memory that outlives the process, so a new one reads it there.
/// </summary>
/// <remarks>
/// A slot is in flight while its length is not 0. It is used again only after its completion, so the slots from the tail
/// (the oldest one in flight, in the <see cref="SocketRecord"/>) to the published index are exactly what is out. A packet
/// that a receiver keeps while 511 later ones complete stops the ring until it is let go (decision 0003).
/// </remarks>
// SAFETY: RingMapping sized and mapped the ring and outlives this; the mask keeps every index inside it.
[PerWorker]
public sealed unsafe class TxRing
{
    private readonly uint* _producer;
    private readonly uint* _consumer;
    private readonly uint* _sharedTail;
    private readonly XdpDescriptor* _descriptors;
    private readonly uint _mask;
    private uint _produced;
    private uint _tail;
    private uint _expected;

    /// <param name="ring">The mapping.</param>
    /// <param name="sharedTail">Where the tail is kept for a process that adopts the socket.</param>
    internal TxRing(RingMapping ring, uint* sharedTail)
    {
        _producer = ring.Producer;
        _consumer = ring.Consumer;
        _descriptors = (XdpDescriptor*)ring.Entries;
        _mask = ring.Mask;
        _sharedTail = sharedTail;
        _produced = Volatile.Read(ref *_producer);
        _tail = Volatile.Read(ref *_sharedTail);
        _expected = _tail;
        // What a dead process wrote behind the published index never reached the kernel.
        for (uint index = _tail; index != _produced; index++)
            InFlight += _descriptors[index & _mask].Length != 0 ? 1 : 0;
    }

    public int Capacity => (int)_mask + 1;

    /// <summary>Chunks given to the kernel and not completed.</summary>
    public int InFlight { get; private set; }

    /// <summary>Slots that can be written.</summary>
    public int Free => Capacity - (int)(_produced - _tail);

    /// <summary>Writes one descriptor; the caller checked <see cref="Free"/> and calls <see cref="Publish"/> later.</summary>
    public void Add(ulong address, uint length, uint options)
    {
        ref XdpDescriptor slot = ref _descriptors[_produced++ & _mask];
        slot.Address = address;
        slot.Length = length;
        slot.Options = options;
        InFlight++;
    }

    /// <summary>The ring as memory, for loops that keep its index in a register; <see cref="Added"/> ends them.</summary>
    internal XdpDescriptor* Descriptors => _descriptors;

    internal uint Mask => _mask;

    internal uint Produced => _produced;

    /// <summary>Notes that the next n slots have been written.</summary>
    internal void Added(int n)
    {
        _produced += (uint)n;
        InFlight += n;
    }

    /// <summary>Slots written and not published.</summary>
    public int Unpublished => (int)(_produced - *_producer);

    /// <summary>Makes the added descriptors visible to the kernel.</summary>
    public void Publish() => Volatile.Write(ref *_producer, _produced); // release: pairs with the kernel's acquire

    /// <summary>
    /// Ends the flight of chunks that complete in the order in which they were sent and gives up their references; returns how
    /// many did: nearly always all. The addresses are right, because they are compared with what was written.
    /// </summary>
    public int CompleteInOrder(CompletionRing completions, int count, Umem umem)
    {
        uint at = _tail;
        if (_expected != at)
            return 0;
        XdpDescriptor* descriptors = _descriptors;
        ulong* completed = completions.Addresses;
        uint mask = _mask;
        uint completedMask = completions.Mask;
        uint completedAt = completions.Consumed;
        int most = Math.Min(count, (int)(_produced - at));
        Umem.Releaser releaser = umem.BeginRelease();
        int done = 0;
        for (; done < most; done++, at++, completedAt++)
        {
            XdpDescriptor* slot = descriptors + (at & mask);
            ulong address = slot->Address;
            if (address != completed[completedAt & completedMask] || slot->Length == 0)
                break;
            releaser.Release((uint)address);
        }

        umem.EndRelease(releaser);
        // Slots before the tail count as empty; it is published by EndCompletions.
        _tail = at;
        _expected = at;
        InFlight -= done;
        return done;
    }

    /// <summary>
    /// Ends the flight of one chunk; false when this ring holds none with that address. Completions come in the order of
    /// transmission but for receivers that let go of packets in another, so the first look nearly always hits.
    /// </summary>
    public bool TryComplete(ulong address)
    {
        uint length = _produced - _tail;
        uint start = _expected - _tail;
        for (uint n = 0; n < length; n++)
        {
            uint ahead = start + n < length ? start + n : start + n - length;
            ref XdpDescriptor slot = ref _descriptors[(_tail + ahead) & _mask];
            if (slot.Address != address || slot.Length == 0)
                continue;
            slot.Length = 0;
            InFlight--;
            _expected = _tail + ahead + 1;
            return true;
        }

        return false;
    }

    /// <summary>Whether a chunk was sent and its completion not handled yet.</summary>
    internal bool IsInFlight(ulong address)
    {
        for (uint index = _tail; index != _produced; index++)
            if (_descriptors[index & _mask].Address == address && _descriptors[index & _mask].Length != 0)
                return true;
        return false;
    }

    /// <summary>Makes the slots of completed packets free, once for each look at the completion ring.</summary>
    public void EndCompletions()
    {
        while (_tail != _produced && _descriptors[_tail & _mask].Length == 0)
            _tail++;
        if ((int)(_expected - _tail) < 0)
            _expected = _tail;
        // Before any slot below it is written again: an adopting process must never take a new address for an old one.
        Volatile.Write(ref *_sharedTail, _tail);
    }

    /// <summary>Descriptors the kernel has not taken yet.</summary>
    public int Pending => (int)(_produced - Volatile.Read(ref *_consumer));

    /// <summary>Descriptors published since the socket was made, modulo 2^32.</summary>
    internal uint Published => Volatile.Read(ref *_producer);

    /// <summary>Addresses in flight, oldest first; for adoption and for the end of a port.</summary>
    public ulong[] InFlightAddresses()
    {
        ulong[] addresses = new ulong[InFlight];
        int found = 0;
        for (uint index = _tail; index != _produced; index++)
            if (_descriptors[index & _mask].Length != 0)
                addresses[found++] = _descriptors[index & _mask].Address;
        return addresses;
    }
}
