using System.Threading;

namespace FastPath.Xdp;

/// <summary>Received packets, from the kernel to one worker. The kernel produces, this worker consumes.</summary>
[PerWorker]
public sealed unsafe class RxRing
{
    private readonly uint* _producer;
    private readonly uint* _consumer;
    private readonly XdpDescriptor* _descriptors;
    private readonly uint _mask;
    private uint _consumed;
    private uint _produced;

    internal RxRing(RingMapping ring)
    {
        _producer = ring.Producer;
        _consumer = ring.Consumer;
        _descriptors = (XdpDescriptor*)ring.Entries;
        _mask = ring.Mask;
        _consumed = Volatile.Read(ref *_consumer);
        _produced = Volatile.Read(ref *_producer);
    }

    /// <summary>Descriptors that can be read now. The kernel's index is read only when the last look is used up.</summary>
    public int Available()
    {
        if (_produced == _consumed)
            _produced = Volatile.Read(ref *_producer); // acquire: pairs with the kernel's release of the descriptors
        return (int)(_produced - _consumed);
    }

    /// <summary>Looks at the kernel's index again, for a packet whose last descriptor was not there yet.</summary>
    public int Refresh()
    {
        _produced = Volatile.Read(ref *_producer);
        return (int)(_produced - _consumed);
    }

    /// <summary>The n-th unread descriptor; n is below what <see cref="Available"/> returned.</summary>
    // SAFETY: the mask keeps every index inside the mapping.
    public ref readonly XdpDescriptor this[int n] => ref _descriptors[(_consumed + (uint)n) & _mask];

    /// <summary>The ring as memory, for loops that keep its index in a register.</summary>
    internal XdpDescriptor* Descriptors => _descriptors;

    internal uint Mask => _mask;

    /// <summary>Hands n descriptors back to the kernel.</summary>
    public void Advance(int n)
    {
        _consumed += (uint)n;
        Volatile.Write(ref *_consumer, _consumed); // release: the kernel may now use the slots again
    }

    /// <summary>Descriptors read since the socket was made, modulo 2^32.</summary>
    internal uint Read => _consumed;
}
