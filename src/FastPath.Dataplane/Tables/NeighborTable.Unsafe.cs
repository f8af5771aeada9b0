using System;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading;
using FastPath.Net;

namespace FastPath.Dataplane.Tables;

/// <summary>How sure we are of a neighbor's MAC address.</summary>
public enum NeighborState : byte
{
    /// <summary>No entry, or one whose address is being asked for.</summary>
    None = 0,

    /// <summary>Learned; asked again when it was not confirmed for long.</summary>
    Reachable = 1,

    /// <summary>From the configuration or the kernel: neither learned nor aged here.</summary>
    Static = 2,
}

/// <summary>One line of a neighbor listing.</summary>
[Shared]
public readonly record struct NeighborRecord(NeighborKey Key, MacAddress Mac, NeighborState State,
    uint ConfirmedSecond);

/// <summary>
/// MAC addresses of neighbors of both families, in native memory. Written by worker 0 alone; any worker reads without
/// waiting.
/// </summary>
/// <remarks>
/// A slot's tag carries a version: a writer that gives the slot to another neighbor clears the tag first, and a reader
/// compares the tag before and after it read the rest. Each word is stored with release and loaded with acquire, so
/// that this order is the memory's, too: on x64 it always is, on arm64 a plain store may overtake the cleared tag.
/// </remarks>
[Shared]
public sealed unsafe class NeighborTable : IDisposable
{
    private const int ProbesMax = 16;
    private const int StateShift = 48;

    private readonly uint _mask;
    private readonly ulong _seed;
    private NeighborSlot* _slots;
    private uint _version;

    /// <param name="capacity">Slots, a power of two of at least 64.</param>
    /// <param name="seed">Secret of this start, against senders that would fill one neighbourhood on purpose.</param>
    public NeighborTable(int capacity, ulong seed)
    {
        if (capacity < 64 || !BitOperations.IsPow2(capacity))
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "a power of two of at least 64");
        Capacity = capacity;
        _mask = (uint)capacity - 1;
        _seed = seed | 1;
        nuint bytes = (nuint)capacity * (nuint)sizeof(NeighborSlot);
        _slots = (NeighborSlot*)NativeMemory.AlignedAlloc(bytes, 128);
        NativeMemory.Clear(_slots, bytes);
    }

    public int Capacity { get; }

    public int Count { get; private set; }

    /// <summary>Changes whenever a look-up may give another answer than before; readers cache answers by it.</summary>
    public uint Version => Volatile.Read(ref _version);

    /// <summary>The neighbor's MAC address as 48 bits; false when it is not known.</summary>
    public bool TryLookup(in NeighborKey key, out ulong mac)
    {
        uint at = Hash(key);
        for (int probe = 0; probe < ProbesMax; probe++, at++)
        {
            NeighborSlot* slot = _slots + (at & _mask);
            ulong tag = Volatile.Read(ref slot->Tag);
            if ((uint)tag != key.Tag || Volatile.Read(ref slot->Low) != key.Low
                || Volatile.Read(ref slot->High) != key.High)
                continue;
            ulong value = Volatile.Read(ref slot->Value);
            if (Volatile.Read(ref slot->Tag) != tag)
                break; // given to another neighbor meanwhile: not known any more
            mac = value & ((1UL << StateShift) - 1);
            return true;
        }

        mac = 0;
        return false;
    }

    /// <summary>Sets an address. Writer only; false when there is no room near its place.</summary>
    public bool Set(in NeighborKey key, ulong mac, NeighborState state, uint second)
    {
        NeighborSlot* slot = Find(key);
        ulong value = mac | ((ulong)state << StateShift);
        if (slot != null)
        {
            if ((NeighborState)(slot->Value >> StateShift) == NeighborState.Static && state != NeighborState.Static)
                return true; // what the operator or the kernel says is not overwritten by a packet
            slot->Confirmed = second;
            bool isNews = slot->Value != value;
            Volatile.Write(ref slot->Value, value);
            if (isNews)
                Volatile.Write(ref _version, _version + 1); // after the change: who sees the new version sees it
            return true;
        }

        uint at = Hash(key);
        for (int probe = 0; probe < ProbesMax; probe++, at++)
        {
            slot = _slots + (at & _mask);
            if ((uint)slot->Tag != 0)
                continue;
            Volatile.Write(ref slot->High, key.High);
            Volatile.Write(ref slot->Low, key.Low);
            Volatile.Write(ref slot->Confirmed, second);
            Volatile.Write(ref slot->Value, value);
            ulong version = (slot->Tag >> 32) + 1;
            Volatile.Write(ref slot->Tag, (version << 32) | key.Tag); // release: the rest of the slot is visible before
            Volatile.Write(ref _version, _version + 1);
            Count++;
            return true;
        }

        return false;
    }

    /// <summary>Removes a neighbor. Writer only.</summary>
    public bool Remove(in NeighborKey key)
    {
        NeighborSlot* slot = Find(key);
        if (slot == null)
            return false;
        Clear(slot);
        return true;
    }

    /// <summary>Removes all neighbors of a port. Writer only.</summary>
    public int Flush(int port)
    {
        int removed = 0;
        for (int n = 0; n < Capacity; n++)
        {
            if ((uint)_slots[n].Tag == 0 || (ushort)_slots[n].Tag != port)
                continue;
            Clear(_slots + n);
            removed++;
        }

        return removed;
    }

    /// <summary>A slot for listings and aging; false when it is empty. Any thread.</summary>
    public bool TryRead(int index, out NeighborRecord record)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Capacity);
        NeighborSlot* slot = _slots + index;
        ulong tag = Volatile.Read(ref slot->Tag);
        NeighborKey key = new((ushort)tag, (tag & (1 << 16)) != 0, Volatile.Read(ref slot->High),
            Volatile.Read(ref slot->Low));
        ulong value = Volatile.Read(ref slot->Value);
        record = new NeighborRecord(key, MacAddress.FromValue(value & ((1UL << StateShift) - 1)),
            (NeighborState)(value >> StateShift), Volatile.Read(ref slot->Confirmed));
        return (uint)tag != 0 && Volatile.Read(ref slot->Tag) == tag;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_slots);
        _slots = null;
    }

    // SAFETY: the mask keeps every probe inside the table, here and in the other walks.
    private NeighborSlot* Find(in NeighborKey key)
    {
        uint at = Hash(key);
        for (int probe = 0; probe < ProbesMax; probe++, at++)
        {
            NeighborSlot* slot = _slots + (at & _mask);
            if ((uint)slot->Tag == key.Tag && slot->Low == key.Low && slot->High == key.High)
                return slot;
        }

        return null;
    }

    private void Clear(NeighborSlot* slot)
    {
        Volatile.Write(ref slot->Tag, slot->Tag >> 32 << 32);
        Volatile.Write(ref _version, _version + 1);
        Count--;
    }

    private uint Hash(in NeighborKey key)
    {
        ulong low = Math.BigMul(key.Low ^ _seed, (key.High + key.Tag) ^ 0x9E37_79B9_7F4A_7C15UL, out ulong high);
        low = Math.BigMul(low ^ high, _seed * 0xA076_1D64_78BD_642FUL | 1, out high);
        return (uint)(low ^ high);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct NeighborSlot
    {
        public ulong Tag;
        public ulong High;
        public ulong Low;
        public ulong Value;
        public uint Confirmed;
        private readonly uint _pad0;
        private readonly ulong _pad1;
        private readonly ulong _pad2;
        private readonly ulong _pad3;
    }
}
