using System.Numerics;

namespace FastPath.Dataplane.Engine;

/// <summary>A subset of the packets of one batch: bit n is slot n. Ascending slots are arrival order.</summary>
[PerWorker]
public struct PacketSet(ulong bits)
{
    /// <summary>The set as bits.</summary>
    public ulong Bits = bits;

    public readonly int Count => BitOperations.PopCount(Bits);

    public readonly bool IsEmpty => Bits == 0;

    /// <summary>The lowest slot; of an empty set 64, which names nothing.</summary>
    public readonly int Lowest => BitOperations.TrailingZeroCount(Bits);

    /// <summary>The first n slots, n in 0..64.</summary>
    public static PacketSet First(int n) => new(n == 64 ? ulong.MaxValue : (1UL << n) - 1);

    /// <summary>One slot.</summary>
    public static PacketSet Of(int slot) => new(1UL << slot);

    public void Add(int slot) => Bits |= 1UL << slot;

    public readonly bool Contains(int slot) => (Bits >> slot & 1) != 0;

    public static PacketSet operator |(PacketSet a, PacketSet b) => new(a.Bits | b.Bits);

    public static PacketSet operator &(PacketSet a, PacketSet b) => new(a.Bits & b.Bits);

    public static PacketSet operator -(PacketSet a, PacketSet b) => new(a.Bits & ~b.Bits);

    public readonly Enumerator GetEnumerator() => new(Bits);

    /// <summary>Walks the slots in ascending order.</summary>
    public struct Enumerator(ulong bits)
    {
        private ulong _left = bits;

        public int Current { get; private set; }

        public bool MoveNext()
        {
            if (_left == 0)
                return false;
            Current = BitOperations.TrailingZeroCount(_left);
            _left &= _left - 1;
            return true;
        }
    }
}
