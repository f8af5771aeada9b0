using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Threading;
using FastPath.Net;

namespace FastPath.Dataplane.Tables;

/// <summary>
/// The forwarding database of all bridges: (bridge, MAC) to port, in native memory. Written by worker 0 alone; any
/// worker reads without waiting.
/// </summary>
/// <remarks>
/// Open addressing in groups of four entries, at most <see cref="GroupsProbed"/> groups: a full neighbourhood refuses
/// the newcomer, which then stays unknown and is flooded. A group is one cache line, four keys and then their values: a
/// look-up touches one line and compares all keys at once, so that which of them matches costs no mispredicted branch.
/// A reader checks the key again after it has read the value, so that a slot given to another address meanwhile is not
/// believed. (Vector loads of aligned keys read each key whole on x64 and arm64.)
/// </remarks>
[Shared]
public sealed unsafe class FdbTable : IDisposable
{
    private const int GroupEntries = 4;
    private const int GroupWords = 8;
    private const int ValueOffset = 4; // words from a key to its value
    private const int GroupsProbed = 8;
    private const int BridgeShift = 48;

    private readonly uint _groupMask;
    private readonly ulong _multiplier;
    private readonly int _shift;
    private ulong* _words;

    /// <param name="capacity">Entries, a power of two of at least 64; a quarter more than wanted keeps probes
    /// short.</param>
    /// <param name="seed">Secret of this start: without it a sender could fill one neighbourhood on purpose.</param>
    public FdbTable(int capacity, ulong seed)
    {
        if (capacity < 64 || !BitOperations.IsPow2(capacity))
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "a power of two of at least 64");
        Capacity = capacity;
        _multiplier = (0x9E37_79B9_7F4A_7C15UL * (seed | 1)) | 1;
        _shift = 64 - BitOperations.Log2((uint)(capacity / GroupEntries));
        _groupMask = (uint)(capacity / GroupEntries) - 1;
        _words = (ulong*)TableMemory.Allocate((nuint)capacity * 2 * sizeof(ulong));
    }

    public int Capacity { get; }

    /// <summary>Entries in use, as the writer knows it.</summary>
    public int Count { get; private set; }

    /// <summary>One key for bridge and MAC address; never 0, because bridges count from 1.</summary>
    /// <param name="bridge">Number of the bridge.</param>
    /// <param name="mac">The address as a number, first octet most significant.</param>
    public static ulong Key(int bridge, ulong mac) => KeyOf(bridge, MacAddress.FromValue(mac).Bits);

    /// <summary>The same for an address as the machine reads it from a header.</summary>
    internal static ulong KeyOf(int bridge, ulong macBits) => ((ulong)bridge << BridgeShift) | macBits;

    /// <summary>Port of an address, or 0 when it is not known.</summary>
    public int Lookup(ulong key) => FdbValue.Port(Read(key));

    /// <summary>Whether learning the address on this port now would change nothing.</summary>
    public bool IsFresh(ulong key, int port, uint second)
    {
        return FdbValue.IsFresh(Read(key), port, second);
    }

    /// <summary>
    /// The packed value of an address (<see cref="FdbValue"/>); looks only where most keys are, so that a loop over
    /// packets needs no call. False says nothing: ask <see cref="Lookup"/>.
    /// </summary>
    // perf: twice for each bridged packet (./fp bench memory bridge).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryReadNear(ulong key, out ulong value)
    {
        ulong* keys = Group(Hash(key), 0);
        uint hits = Match(keys, key);
        ulong* slot = keys + BitOperations.TrailingZeroCount(hits | 8);
        value = Volatile.Read(ref slot[ValueOffset]);
        return hits != 0 && Volatile.Read(ref *slot) == key;
    }

    private ulong Read(ulong key)
    {
        ulong* slot = Find(key);
        if (slot == null)
            return 0;
        ulong value = Volatile.Read(ref slot[ValueOffset]);
        return Volatile.Read(ref *slot) == key ? value : 0; // pairs with the order of writes in Insert and Clear
    }

    /// <summary>
    /// Notes that an address sends from a port, and says what that has changed. Writer only.
    /// </summary>
    public FdbUpdate Learn(ulong key, int port, uint second)
    {
        ulong* slot = Find(key);
        if (slot != null)
        {
            ulong value = slot[ValueOffset];
            if (FdbValue.IsStatic(value))
                return FdbUpdate.Same;
            ulong next = FdbValue.Of(port, second, isStatic: false);
            if (value == next)
                return FdbUpdate.Same;
            Volatile.Write(ref slot[ValueOffset], next);
            return FdbValue.Port(value) == port ? FdbUpdate.Same : FdbUpdate.Moved;
        }

        return Insert(key, FdbValue.Of(port, second, isStatic: false)) ? FdbUpdate.Added : FdbUpdate.Full;
    }

    /// <summary>Sets an entry that neither ages nor moves. Writer only; false when there is no room.</summary>
    public bool SetStatic(ulong key, int port)
    {
        ulong* slot = Find(key);
        ulong value = FdbValue.Of(port, 0, isStatic: true);
        if (slot == null)
            return Insert(key, value);
        Volatile.Write(ref slot[ValueOffset], value);
        return true;
    }

    /// <summary>Removes an address. Writer only.</summary>
    public bool Remove(ulong key)
    {
        ulong* slot = Find(key);
        if (slot == null)
            return false;
        Clear(slot);
        return true;
    }

    /// <summary>
    /// Removes what a port has learned (0: every port); static entries go too when asked. Writer only.
    /// </summary>
    public int Flush(int port, bool includeStatic)
    {
        int removed = 0;
        for (int n = 0; n < Capacity; n++)
        {
            ulong* slot = Slot(n);
            if (*slot == 0 || (port != 0 && FdbValue.Port(slot[ValueOffset]) != port))
                continue;
            if (FdbValue.IsStatic(slot[ValueOffset]) && !includeStatic)
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
            ulong* slot = Slot(n);
            if (*slot == 0 || FdbValue.IsStatic(slot[ValueOffset]))
                continue;
            int bridge = (int)(*slot >> BridgeShift);
            uint limit = bridge < ageSecondsByBridge.Length ? ageSecondsByBridge[bridge] : 0;
            if (second - FdbValue.Second(slot[ValueOffset]) < limit)
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
        ulong* slot = Slot(index);
        ulong key = Volatile.Read(ref *slot);
        ulong value = Volatile.Read(ref slot[ValueOffset]);
        record = new FdbRecord((int)(key >> BridgeShift), MacOf(key), FdbValue.Port(value),
            FdbValue.IsStatic(value), FdbValue.Second(value));
        return key != 0 && Volatile.Read(ref *slot) == key;
    }

    public void Dispose()
    {
        TableMemory.Free(_words);
        _words = null;
    }

    private static ulong MacOf(ulong key) => MacAddress.FromBits(key & ((1UL << BridgeShift) - 1)).Value;

    private bool Insert(ulong key, ulong value)
    {
        uint group = Hash(key);
        for (int probe = 0; probe < GroupsProbed; probe++)
        {
            ulong* keys = Group(group, probe);
            uint free = Match(keys, 0);
            if (free == 0)
                continue;
            ulong* slot = keys + BitOperations.TrailingZeroCount(free);
            Volatile.Write(ref slot[ValueOffset], value); // value before key: a reader that sees the key sees its value
            Volatile.Write(ref *slot, key);
            Count++;
            return true;
        }

        return false;
    }

    /// <summary>
    /// Where the key is; its value lies <see cref="ValueOffset"/> words behind. Null when it is not there.
    /// </summary>
    private ulong* Find(ulong key)
    {
        uint group = Hash(key);
        for (int probe = 0; probe < GroupsProbed; probe++)
        {
            ulong* keys = Group(group, probe);
            uint hits = Match(keys, key);
            if (hits != 0)
                return keys + BitOperations.TrailingZeroCount(hits);
        }

        return null;
    }

    /// <summary>Bit n is set where the n-th of four keys is the wanted one.</summary>
    private static uint Match(ulong* keys, ulong key) =>
        Vector256.Equals(Vector256.LoadAligned(keys), Vector256.Create(key)).ExtractMostSignificantBits();

    private void Clear(ulong* slot)
    {
        Volatile.Write(ref *slot, 0);
        Volatile.Write(ref slot[ValueOffset], 0);
        Count--;
    }

    // SAFETY: the mask keeps every group inside the table.
    private ulong* Group(uint group, int probe) => _words + (((group + (uint)probe) & _groupMask) * GroupWords);

    private ulong* Slot(int index) => _words + ((uint)index / GroupEntries * GroupWords) + ((uint)index % GroupEntries);

    /// <summary>
    /// Multiply and shift with a secret odd factor: the high bits of the product depend on every bit of the key, and
    /// who does not know the factor cannot choose addresses that meet in one group.
    /// </summary>
    private uint Hash(ulong key) => (uint)((key * _multiplier) >> _shift);
}
