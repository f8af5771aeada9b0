using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// A bounded queue from one thread to one other. Neither side ever waits: a full ring refuses, an empty one gives
/// nothing.
/// </summary>
/// <remarks>Each side's index lies 128 bytes from the other's: the adjacent-line prefetcher pairs lines of
/// 64.</remarks>
[Shared]
public sealed class SpscRing<T>
{
    private readonly T[] _items;
    private readonly uint _mask;
    private Side _producer;
    private Side _consumer;

    /// <param name="capacity">Entries, a power of two.</param>
    public SpscRing(int capacity)
    {
        if (capacity < 2 || !BitOperations.IsPow2(capacity))
            throw new System.ArgumentOutOfRangeException(nameof(capacity), capacity, "a power of two of at least 2");
        _items = new T[capacity];
        _mask = (uint)capacity - 1;
    }

    public int Capacity => _items.Length;

    /// <summary>Whether everything added so far was taken. Either side.</summary>
    public bool IsEmpty => Volatile.Read(ref _consumer.Index) == Volatile.Read(ref _producer.Index);

    /// <summary>Entries that can be added now. Producer only; more may be free by the time it looks again.</summary>
    public int Free()
    {
        _producer.Seen = Volatile.Read(ref _consumer.Index);
        return Capacity - (int)(_producer.Index - _producer.Seen);
    }

    /// <summary>Adds an entry; false when the ring is full. Producer only.</summary>
    public bool TryAdd(in T item)
    {
        uint index = _producer.Index;
        if (index - _producer.Seen > _mask)
        {
            _producer.Seen = Volatile.Read(ref _consumer.Index); // acquire: the consumer is done with the slot
            if (index - _producer.Seen > _mask)
                return false;
        }

        _items[index & _mask] = item;
        Volatile.Write(ref _producer.Index, index + 1); // release: pairs with the acquire in TryTake
        return true;
    }

    /// <summary>Takes the oldest entry; false when there is none. Consumer only.</summary>
    public bool TryTake(out T item)
    {
        uint index = _consumer.Index;
        if (index == _consumer.Seen)
        {
            _consumer.Seen = Volatile.Read(ref _producer.Index);
            if (index == _consumer.Seen)
            {
                item = default!;
                return false;
            }
        }

        ref T slot = ref _items[index & _mask];
        item = slot;
        slot = default!; // nothing is kept alive by a slot that was read
        Volatile.Write(ref _consumer.Index, index + 1); // release: the producer may use the slot again
        return true;
    }

    /// <summary>One side's own index and the other's as it was last seen.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Side
    {
        public uint Index;
        public uint Seen;
    }
}
