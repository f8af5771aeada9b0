using System.Runtime.InteropServices;
using FastPath.Net;

namespace FastPath.Dataplane.Tables;

/// <summary>What becomes of a packet that a route matches.</summary>
public enum AdjacencyKind : byte
{
    /// <summary>Nothing matched.</summary>
    NoRoute = 0,

    /// <summary>To the neighbor that the packet's destination names: the network is connected.</summary>
    Connected,

    /// <summary>To a next hop.</summary>
    NextHop,

    /// <summary>To FastPath itself.</summary>
    Local,

    /// <summary>Dropped without a word.</summary>
    Blackhole,

    /// <summary>Answered with host unreachable.</summary>
    Unreachable,

    /// <summary>Answered with administratively prohibited.</summary>
    Prohibit,

    /// <summary>Multicast and broadcast: not routed.</summary>
    NotRouted,
}

/// <summary>
/// The result of a route lookup. Immutable within a generation; many routes share one. 32 bytes: an index is a shift.
/// </summary>
[Shared]
[StructLayout(LayoutKind.Sequential, Size = 32)]
public readonly record struct Adjacency
{
    public AdjacencyKind Kind { get; init; }

    /// <summary>Routed port or bridge interface to leave by; for local addresses the interface that has them.</summary>
    public ushort Port { get; init; }

    /// <summary>Largest packet, bytes.</summary>
    public int Mtu { get; init; }

    /// <summary>
    /// The next hop; of a connected network the interface's own address there, with which its neighbors are asked.
    /// </summary>
    public Ip4Address NextHop4 { get; init; }

    public Ip6Address NextHop6 { get; init; }
}
