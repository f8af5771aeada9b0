using FastPath.Net;

namespace FastPath.Dataplane.Tables;

/// <summary>One VXLAN tunnel: from a local end point to a remote one, for one bridge. Immutable within a generation.</summary>
[Shared]
public readonly record struct TunnelEntry
{
    /// <summary>Network identifier, 1..16,777,215.</summary>
    public uint Vni { get; init; }

    public Ip4Address Local { get; init; }

    public Ip4Address Remote { get; init; }

    /// <summary>UDP destination port.</summary>
    public ushort Port { get; init; }

    /// <summary>First UDP source port and how many there are, a power of two: flows spread over them.</summary>
    public ushort FirstSourcePort { get; init; }

    public ushort SourcePortMask { get; init; }

    public byte TimeToLive { get; init; }

    /// <summary>Adjacency toward the remote end; its MTU limits what may be encapsulated.</summary>
    public int Adjacency { get; init; }

    /// <summary>Number of the tunnel in the port table.</summary>
    public ushort PortNumber { get; init; }
}
