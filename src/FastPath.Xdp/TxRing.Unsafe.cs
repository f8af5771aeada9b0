using System.Threading;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp;

/// <summary>Packets to send, from one worker to the kernel.</summary>
[PerWorker]
public sealed unsafe class TxRing
{
    private readonly uint* _producer;
    private readonly uint* _consumer;
    private readonly uint* _flags;
    private readonly XdpDescriptor* _descriptors;
    private readonly uint _mask;
    private uint _produced;
    private uint _consumed;

    internal TxRing(RingMapping ring)
    {
        _producer = ring.Producer;
        _consumer = ring.Consumer;
        _flags = ring.Flags;
        _descriptors = (XdpDescriptor*)ring.Entries;
        _mask = ring.Mask;
        _produced = Volatile.Read(ref *_producer);
        _consumed = Volatile.Read(ref *_consumer);
    }

    public int Capacity => (int)_mask + 1;

    /// <summary>Free slots. The kernel publishes its index late, so it is read only when the last look is used up.</summary>
    public int Free(int wanted)
    {
        int free = Capacity - (int)(_produced - _consumed);
        if (free >= wanted)
            return free;
        _consumed = Volatile.Read(ref *_consumer);
        return Capacity - (int)(_produced - _consumed);
    }

    /// <summary>Writes one descriptor; the caller checked <see cref="Free"/> and calls <see cref="Publish"/> later.</summary>
    public void Add(ulong address, uint length, uint options)
    {
        ref XdpDescriptor slot = ref _descriptors[_produced++ & _mask];
        slot.Address = address;
        slot.Length = length;
        slot.Options = options;
    }

    /// <summary>Makes the added descriptors visible to the kernel.</summary>
    public void Publish() => Volatile.Write(ref *_producer, _produced); // release: pairs with the kernel's acquire

    /// <summary>Whether the kernel wants a send call. Always set on copy-mode sockets.</summary>
    public bool NeedsWakeup => (Volatile.Read(ref *_flags) & XdpAbi.XDP_RING_NEED_WAKEUP) != 0;

    /// <summary>Descriptors the kernel has not taken yet.</summary>
    public int Pending => (int)(_produced - Volatile.Read(ref *_consumer));

    internal ref readonly XdpDescriptor UnreadAt(int n) =>
        ref _descriptors[(Volatile.Read(ref *_consumer) + (uint)n) & _mask];
}
