using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastPath.Dataplane.Tables;
using FastPath.Net;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// Ethernet headers toward next hops, ready to be written: what one worker has found out about an adjacency from the
/// tables and the neighbors. Many routes share few next hops, so a packet costs one line here instead of three
/// look-ups.
/// </summary>
/// <remarks>
/// An entry holds as long as neither the generation nor any neighbor has changed (<see cref="NeighborTable.Version"/>);
/// both are looked at once a turn. Direct-mapped by the adjacency's index: two that meet take turns, and are right all
/// the same. The entry of a connected IPv4 network says only that each destination has an entry of its own.
/// </remarks>
[PerWorker]
internal sealed unsafe class RewriteCache : IDisposable
{
    private const int EntryBits = 11;
    private const int Entries = 1 << EntryBits;

    private RewriteEntry* _entries =
        (RewriteEntry*)NativeMemory.AlignedAlloc((nuint)(Entries * sizeof(RewriteEntry)), 128);
    private uint _epoch = 1;
    private long _generation = -1;
    private uint _neighbors;

    public RewriteCache() => NativeMemory.Clear(_entries, (nuint)(Entries * sizeof(RewriteEntry)));

    /// <summary>Forgets everything when the generation or a neighbor is another than in the last turn.</summary>
    public void Follow(long generation, uint neighbors)
    {
        if (generation == _generation && neighbors == _neighbors)
            return;
        _generation = generation;
        _neighbors = neighbors;
        if (++_epoch != 0)
            return;
        // Once in 2^32 changes: no old epoch comes back
        NativeMemory.Clear(_entries, (nuint)(Entries * sizeof(RewriteEntry)));
        _epoch = 1;
    }

    /// <summary>Where the header for an adjacency is, when Holds says so.</summary>
    // SAFETY: the mask keeps the index inside the array.
    // perf: once for each routed packet (./fp bench memory ip4).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly RewriteEntry At(int adjacency) => ref _entries[adjacency & (Entries - 1)];

    /// <summary>
    /// Where the header for an IPv4 packet is, when CanForward says so: behind a connected network each destination has
    /// its own.
    /// </summary>
    // perf: once for each routed packet.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly RewriteEntry At(int adjacency, in Ipv4Header header)
    {
        RewriteEntry* entry = _entries + (adjacency & (Entries - 1));
        return ref entry->IsPerDestination ? ref _entries[DestinationIndex(adjacency, header.Destination)] : ref *entry;
    }

    /// <summary>
    /// Whether an IPv4 packet can go on with this header: the entry is its adjacency's and still right, the TTL does
    /// not end, and the packet is short enough, which none is for an entry that is no header.
    /// </summary>
    // perf: once for each routed packet.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool CanForward(in RewriteEntry entry, int adjacency, in Ipv4Header header, int length) =>
        entry.Key == KeyOf(adjacency)
        && (entry.Destination == 0 || entry.Destination == header.Destination.Bits)
        && header.TimeToLive > 1 && length <= entry.Mtu;

    /// <summary>Whether an entry is this adjacency's, for every destination, and still right.</summary>
    public bool Holds(in RewriteEntry entry, int adjacency) =>
        entry.Key == KeyOf(adjacency) && entry.Destination == 0;

    private static int DestinationIndex(int adjacency, Ip4Address destination) =>
        (int)(((uint)adjacency + (destination.Bits * 0x9E37_79B1)) >> (32 - EntryBits));

    private ulong KeyOf(int adjacency) => (uint)adjacency | ((ulong)_epoch << 32);

    /// <summary>Finds the header for an IPv4 packet in the tables; false when the neighbor is not known.</summary>
    public bool TryFind(Worker worker, int index, Ip4Address destination, out RewriteEntry entry)
    {
        ref Adjacency adjacency = ref worker.Tables.Adjacencies[index];
        bool isNextHop = adjacency.Kind == AdjacencyKind.NextHop;
        NeighborKey key = NeighborKey.Of(adjacency.Port, isNextHop ? adjacency.NextHop4 : destination);
        if (!TryFind(worker, index, adjacency, key, EtherType.Ip4, out entry))
            return false;
        if (isNextHop)
            return true;
        entry.Key = KeyOf(index);
        entry.Destination = destination.Bits;
        _entries[DestinationIndex(index, destination)] = entry;
        _entries[index & (Entries - 1)] =
            new RewriteEntry { Key = KeyOf(index), IsPerDestination = true };
        return true;
    }

    /// <summary>Finds the header for an IPv6 packet in the tables; false when the neighbor is not known.</summary>
    public bool TryFind(Worker worker, int index, Ip6Address destination, out RewriteEntry entry)
    {
        ref Adjacency adjacency = ref worker.Tables.Adjacencies[index];
        bool isNextHop = adjacency.Kind == AdjacencyKind.NextHop;
        NeighborKey key = NeighborKey.Of(adjacency.Port, isNextHop ? adjacency.NextHop6 : destination);
        return TryFind(worker, index, adjacency, key, EtherType.Ip6, out entry);
    }

    /// <summary>
    /// Keeps what was found for a next hop; behind a connected network every packet may have its own neighbor.
    /// </summary>
    private bool TryFind(Worker worker, int index, in Adjacency adjacency, in NeighborKey key, EtherType type,
        out RewriteEntry entry)
    {
        if (!worker.Neighbors.TryLookup(key, out ulong mac))
        {
            entry = default;
            return false;
        }

        entry = RewriteEntry.Of(mac, worker.Tables.Ports[adjacency.Port], adjacency, type);
        if (adjacency.Kind != AdjacencyKind.NextHop)
            return true;
        entry.Key = KeyOf(index);
        _entries[index & (Entries - 1)] = entry;
        return true;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_entries);
        _entries = null;
    }
}

/// <summary>One header and where it leads. 32 bytes, two to a line.</summary>
[PerWorker]
[StructLayout(LayoutKind.Sequential)]
internal struct RewriteEntry
{
    /// <summary>Octets 0..7 of the header, as they lie in memory.</summary>
    public ulong First;

    /// <summary>Octets 6..13.</summary>
    public ulong Last;

    /// <summary>Index of the adjacency, in the high half the epoch in which it was made: one compare.</summary>
    public ulong Key;

    /// <summary>Destination of an entry of a connected network (<see cref="Ip4Address.Bits"/>); else 0.</summary>
    public uint Destination;

    /// <summary>Largest network packet, bytes; at most 65,535, which is all that a packet can have.</summary>
    public ushort Mtu;

    private ushort _portAndKind;

    private const ushort DeviceBit = 1 << 15;
    private const ushort PerDestinationBit = 1 << 14;
    private const ushort PortMask = PerDestinationBit - 1; // ports end at 4,095 (Limits.PortsMax)

    /// <summary>Port it leaves by.</summary>
    public readonly ushort Port => (ushort)(_portAndKind & PortMask);

    /// <summary>Whether that is a device; else it is a bridge interface, or this entry is no header.</summary>
    public readonly bool IsDevice => (_portAndKind & DeviceBit) != 0;

    /// <summary>Whether each destination behind the adjacency has its own entry.</summary>
    public bool IsPerDestination
    {
        readonly get => (_portAndKind & PerDestinationBit) != 0;
        init => _portAndKind = value ? PerDestinationBit : (ushort)0;
    }

    /// <summary>The header toward a neighbor by a port.</summary>
    public static RewriteEntry Of(ulong mac, in PortEntry port, in Adjacency adjacency, EtherType type)
    {
        EthernetHeader header = new()
        {
            Destination = MacAddress.FromValue(mac),
            Source = port.MacAddress,
            Type = type,
        };
        ref byte bytes = ref Unsafe.As<EthernetHeader, byte>(ref header);
        return new RewriteEntry
        {
            // SAFETY: a header has 14 bytes: eight from its start and eight from octet 6.
            First = Unsafe.ReadUnaligned<ulong>(ref bytes),
            Last = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, 6)),
            _portAndKind = (ushort)(adjacency.Port | (port.Kind == PortKind.Device ? DeviceBit : 0)),
            Mtu = (ushort)Math.Min(adjacency.Mtu, ushort.MaxValue),
        };
    }
}
