using System;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading;

namespace FastPath.Dataplane.Tables;

/// <summary>
/// The forwarding database of all bridges: (bridge, MAC) to port, in native memory. Written by worker 0 alone; any worker
/// reads without waiting.
/// </summary>
/// <remarks>
/// Open addressing in groups of eight entries (two lines), at most <see cref="GroupsProbed"/> groups: a full
/// neighbourhood refuses the newcomer, which then stays unknown and is flooded. A reader checks the key again after it
/// has read the value, so that a slot given to another address meanwhile is not believed.
/// </remarks>
[Shared]
public sealed unsafe class FdbTable : IDisposable
{
    private const int GroupEntries = 8;
    private const int GroupsProbed = 4;
    private const int BridgeShift = 48;

    private readonly uint _groupMask;
    private readonly ulong _seed;
    private FdbSlot* _slots;

    /// <param name="capacity">Entries, a power of two of at least 64; a quarter more than wanted keeps probes short.</param>
    /// <param name="seed">Secret of this start: without it a sender could fill one neighbourhood on purpose.</param>
    public FdbTable(int capacity, ulong seed)
    {
        if (capacity < 64 || !BitOperations.IsPow2(capacity))
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "a power of two of at least 64");
        Capacity = capacity;
        _seed = seed | 1;
        _groupMask = (uint)(capacity / GroupEntries) - 1;
        nuint bytes = (nuint)capacity * (nuint)sizeof(FdbSlot);
        _slots = (FdbSlot*)NativeMemory.AlignedAlloc(bytes, 128);
        NativeMemory.Clear(_slots, bytes);
    }

    public int Capacity { get; }

    /// <summary>Entries in use, as the writer knows it.</summary>
    public int Count { get; private set; }

    /// <summary>One key for the pair; never 0, because bridges count from 1.</summary>
    public static ulong Key(int bridge, ulong mac) => ((ulong)bridge << BridgeShift) | mac;

    /// <summary>Port of an address, or 0 when it is not known.</summary>
    public int Lookup(ulong key) => FdbValue.Port(Read(key));

    /// <summary>Whether learning the address on this port now would change nothing.</summary>
    public bool IsFresh(ulong key, int port, uint second)
    {
        ulong value = Read(key);
        return FdbValue.IsStatic(value) || value == FdbValue.Of(port, second, isStatic: false);
    }

    private ulong Read(ulong key)
    {
        uint group = Hash(key);
        for (int probe = 0; probe < GroupsProbed; probe++)
        {
            FdbSlot* slot = Group(group, probe);
            for (int n = 0; n < GroupEntries; n++, slot++)
            {
                if (Volatile.Read(ref slot->Key) != key)
                    continue;
                ulong value = Volatile.Read(ref slot->Value);
                if (Volatile.Read(ref slot->Key) == key) // pairs with the order of writes in Insert
                    return value;
            }
        }

        return 0;
    }

    /// <summary>
    /// Notes that an address sends from a port. Writer only. True when something changed that others may care about:
    /// a new address or a move.
    /// </summary>
    public FdbUpdate Learn(ulong key, int port, uint second)
    {
        FdbSlot* slot = Find(key);
        if (slot != null)
        {
            ulong value = slot->Value;
            if (FdbValue.IsStatic(value))
                return FdbValue.Port(value) == port ? FdbUpdate.Same : FdbUpdate.Refused;
            ulong next = FdbValue.Of(port, second, isStatic: false);
            if (value == next)
                return FdbUpdate.Same;
            Volatile.Write(ref slot->Value, next);
            return FdbValue.Port(value) == port ? FdbUpdate.Same : FdbUpdate.Moved;
        }

        return Insert(key, FdbValue.Of(port, second, isStatic: false)) ? FdbUpdate.Added : FdbUpdate.Full;
    }

    /// <summary>Sets an entry that neither ages nor moves. Writer only; false when there is no room.</summary>
    public bool SetStatic(ulong key, int port)
    {
        FdbSlot* slot = Find(key);
        ulong value = FdbValue.Of(port, 0, isStatic: true);
        if (slot == null)
            return Insert(key, value);
        Volatile.Write(ref slot->Value, value);
        return true;
    }

    /// <summary>Removes an address. Writer only.</summary>
    public bool Remove(ulong key)
    {
        FdbSlot* slot = Find(key);
        if (slot == null)
            return false;
        Clear(slot);
        return true;
    }

    /// <summary>Removes what a port has learned (0: every port); static entries go too when asked. Writer only.</summary>
    public int Flush(int port, bool includeStatic)
    {
        int removed = 0;
        for (int n = 0; n < Capacity; n++)
        {
            FdbSlot* slot = _slots + n;
            if (slot->Key == 0 || (port != 0 && FdbValue.Port(slot->Value) != port))
                continue;
            if (FdbValue.IsStatic(slot->Value) && !includeStatic)
                continue;
            Clear(slot);
            removed++;
        }

        return removed;
    }

    /// <summary>
    /// Removes entries of a stretch of the table that were not seen for their bridge's time. Writer only; called
    /// in slices so that no batch waits for a whole table.
    /// </summary>
    public int Age(int first, int count, uint second, ReadOnlySpan<uint> ageSecondsByBridge)
    {
        int removed = 0;
        for (int n = first; n < Math.Min(first + count, Capacity); n++)
        {
            FdbSlot* slot = _slots + n;
            if (slot->Key == 0 || FdbValue.IsStatic(slot->Value))
                continue;
            int bridge = (int)(slot->Key >> BridgeShift);
            uint limit = bridge < ageSecondsByBridge.Length ? ageSecondsByBridge[bridge] : 0;
            if (second - FdbValue.Second(slot->Value) < limit)
                continue;
            Clear(slot);
            removed++;
        }

        return removed;
    }

    /// <summary>The entry in a slot, for listings; false when the slot is empty. Any thread.</summary>
    public bool TryRead(int index, out FdbRecord record)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Capacity);
        FdbSlot* slot = _slots + index;
        ulong key = Volatile.Read(ref slot->Key);
        ulong value = Volatile.Read(ref slot->Value);
        record = new FdbRecord((int)(key >> BridgeShift), key & ((1UL << BridgeShift) - 1), FdbValue.Port(value),
            FdbValue.IsStatic(value), FdbValue.Second(value));
        return key != 0 && Volatile.Read(ref slot->Key) == key;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_slots);
        _slots = null;
    }

    private bool Insert(ulong key, ulong value)
    {
        uint group = Hash(key);
        for (int probe = 0; probe < GroupsProbed; probe++)
        {
            FdbSlot* slot = Group(group, probe);
            for (int n = 0; n < GroupEntries; n++, slot++)
            {
                if (slot->Key != 0)
                    continue;
                Volatile.Write(ref slot->Value, value); // value before key: a reader that sees the key sees its value
                Volatile.Write(ref slot->Key, key);
                Count++;
                return true;
            }
        }

        return false;
    }

    private FdbSlot* Find(ulong key)
    {
        uint group = Hash(key);
        for (int probe = 0; probe < GroupsProbed; probe++)
        {
            FdbSlot* slot = Group(group, probe);
            for (int n = 0; n < GroupEntries; n++, slot++)
                if (slot->Key == key)
                    return slot;
        }

        return null;
    }

    private void Clear(FdbSlot* slot)
    {
        Volatile.Write(ref slot->Key, 0);
        Volatile.Write(ref slot->Value, 0);
        Count--;
    }

    // SAFETY: the mask keeps every group inside the table.
    private FdbSlot* Group(uint group, int probe) => _slots + (((group + (uint)probe) & _groupMask) * GroupEntries);

    private uint Hash(ulong key)
    {
        ulong low = Math.BigMul(key ^ _seed, 0x9E37_79B9_7F4A_7C15UL * _seed | 1, out ulong high);
        return (uint)(low ^ high);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FdbSlot
    {
        public ulong Key;
        public ulong Value;
    }
}
