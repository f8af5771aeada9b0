using System.Threading;

namespace FastPath.Xdp;

/// <summary>Chunks the kernel has finished sending, back to the worker that owns the queue.</summary>
// SAFETY: RingMapping sized and mapped the ring and outlives this; the mask keeps every index inside it.
[PerWorker]
public sealed unsafe class CompletionRing
{
    private readonly uint* _producer;
    private readonly uint* _consumer;
    private readonly ulong* _addresses;
    private readonly uint _mask;
    private uint _consumed;

    internal CompletionRing(RingMapping ring)
    {
        _producer = ring.Producer;
        _consumer = ring.Consumer;
        _addresses = (ulong*)ring.Entries;
        _mask = ring.Mask;
        _consumed = Volatile.Read(ref *_consumer);
    }

    /// <summary>Completions that can be read now.</summary>
    public int Available() => (int)(Volatile.Read(ref *_producer) - _consumed); // acquire: pairs with the kernel's release

    /// <summary>The n-th unread completion: the address of the TX descriptor, as it was written.</summary>
    public ulong this[int n] => _addresses[(_consumed + (uint)n) & _mask];

    /// <summary>The ring as memory, for loops that keep its index in a register.</summary>
    internal ulong* Addresses => _addresses;

    internal uint Mask => _mask;

    /// <summary>Completions handed back so far, modulo 2^32: the index of the first unread one.</summary>
    internal uint Consumed => _consumed;

    /// <summary>Hands n entries back to the kernel.</summary>
    public void Advance(int n)
    {
        _consumed += (uint)n;
        Volatile.Write(ref *_consumer, _consumed);
    }

    /// <summary>Completions read since the socket was made, modulo 2^32.</summary>
    internal uint Read => _consumed;
}
