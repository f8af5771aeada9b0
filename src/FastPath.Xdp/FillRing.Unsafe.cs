using System.Threading;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp;

/// <summary>Empty chunks, from the worker that owns the queue to the kernel.</summary>
// SAFETY: RingMapping sized and mapped the ring and outlives this; the mask keeps every index inside it.
[PerWorker]
public sealed unsafe class FillRing
{
    private readonly uint* _producer;
    private readonly uint* _consumer;
    private readonly uint* _flags;
    private readonly ulong* _addresses;
    private readonly uint _mask;
    private uint _produced;

    internal FillRing(RingMapping ring)
    {
        _producer = ring.Producer;
        _consumer = ring.Consumer;
        _flags = ring.Flags;
        _addresses = (ulong*)ring.Entries;
        _mask = ring.Mask;
        _produced = Volatile.Read(ref *_producer);
    }

    public int Capacity => (int)_mask + 1;

    /// <summary>Free slots, by the kernel's index as it is now.</summary>
    public int Free() => Capacity - (int)(_produced - Volatile.Read(ref *_consumer));

    /// <summary>Index that the next added chunk gets, modulo 2^32; kept in the chunk's row of the side table.</summary>
    public uint NextIndex => _produced;

    /// <summary>
    /// The ring as memory, for loops that keep its index in a register; the caller checked <see cref="Free"/>, and <see
    /// cref="Added"/> ends them.
    /// </summary>
    internal ulong* Addresses => _addresses;

    internal uint Mask => _mask;

    /// <summary>Notes that the next n slots have been written.</summary>
    internal void Added(int n) => _produced += (uint)n;

    /// <summary>Makes the added chunks visible to the kernel.</summary>
    public void Publish() => Volatile.Write(ref *_producer, _produced); // release: pairs with the kernel's acquire

    /// <summary>Whether the driver sleeps and wants a receive call. Never set on copy-mode sockets.</summary>
    public bool NeedsWakeup => (Volatile.Read(ref *_flags) & XdpAbi.XDP_RING_NEED_WAKEUP) != 0;

    /// <summary>Chunks published since the socket was made, modulo 2^32.</summary>
    internal uint Published => Volatile.Read(ref *_producer);
}
