using System.Collections.Generic;
using FastPath.Net;

namespace FastPath.Dataplane.Tables;

/// <summary>
/// One VXLAN tunnel: from a local end point to a remote one, for one bridge. Immutable within a generation.
/// </summary>
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

    /// <summary>
    /// Port that leads to the remote end: what comes from there comes in by it, or by a shared uplink.
    /// </summary>
    public ushort UnderlayPort { get; init; }

    /// <summary>Number of the tunnel in the port table.</summary>
    public ushort PortNumber { get; init; }

    /// <summary>
    /// The tunnel with the adjacency that leads to its remote end. A remote end on a connected network gets a next hop
    /// of its own, so that its header is found like that of any next hop (RewriteCache).
    /// </summary>
    /// <param name="fib">Routes of the underlay.</param>
    /// <param name="adjacencies">What the routes lead to; one may be added.</param>
    public TunnelEntry Toward(Fib4 fib, List<Adjacency> adjacencies)
    {
        int index = fib.Lookup(Remote);
        if (adjacencies[index].Kind == AdjacencyKind.Connected)
        {
            adjacencies.Add(adjacencies[index] with { Kind = AdjacencyKind.NextHop, NextHop4 = Remote });
            index = adjacencies.Count - 1;
        }

        return this with { Adjacency = index, UnderlayPort = adjacencies[index].Port };
    }
}
