using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Keeps IPv6 packets whose next hop's MAC address is not known, and asks for it (RFC 4861 section 7.2).
///
/// In:    Offset at the IPv6 header, hop limit not yet decremented; Adjacency names the next hop.
/// Out:   held; enters ip6-rewrite or ip6-output again when the neighbor answers, icmp6-error when it does not.
/// Drops: NeighborQueueFull.
/// </summary>
[NodeName("nd-resolve")]
public sealed class NdResolve(NodeBuilder build) : Node(build)
{
    private static readonly IcmpErrorCode s_silent =
        new(DropReason.NeighborUnresolved, Icmp6.DestinationUnreachable, Icmp6.AddressUnreachable);

    private readonly Edge _rewrite = build.BackEdge("ip6-rewrite");
    private readonly Edge _output = build.BackEdge("ip6-output");
    private readonly Edge _error = build.Edge("icmp6-error");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        Adjacency[] adjacencies = worker.Tables.Adjacencies;
        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            ref Adjacency adjacency = ref adjacencies[packet.Adjacency];
            Ip6Address next = adjacency.Kind == AdjacencyKind.NextHop
                ? adjacency.NextHop6
                : batch.Header<Ipv6Header>(slot, packet.Offset).Destination;
            NeighborKey key = NeighborKey.Of(adjacency.Port, next);
            bool isOwn = (packet.Flags & PacketFlags.Originated) != 0;
            if (!worker.Resolver.TryHold(packet, key, isOwn ? _output : _rewrite, _error, s_silent.Pack(),
                out bool isNew))
            {
                batch.Drop(slot, DropReason.NeighborQueueFull);
                continue;
            }

            batch.Hold(slot);
            if (isNew)
                worker.Ask(key);
        }
    }
}
