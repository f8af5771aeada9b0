using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Keeps IPv4 packets whose next hop's MAC address is not known, and asks for it (RFC 1122 section 2.3.2.2).
///
/// In:    Offset at the IPv4 header, TTL not yet decremented; Adjacency names the next hop.
/// Out:   held; enters ip4-rewrite or ip4-output again when the neighbor answers, icmp4-error when it does not.
/// Drops: NeighborQueueFull.
/// </summary>
[NodeName("arp-resolve")]
public sealed class ArpResolve(NodeBuilder build) : Node(build)
{
    private static readonly IcmpErrorCode s_silent =
        new(DropReason.NeighborUnresolved, Icmp4.DestinationUnreachable, Icmp4.HostUnreachable);

    private readonly Edge _rewrite = build.BackEdge("ip4-rewrite");
    private readonly Edge _output = build.BackEdge("ip4-output");
    private readonly Edge _error = build.Edge("icmp4-error");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        Adjacency[] adjacencies = worker.Tables.Adjacencies;
        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            ref Adjacency adjacency = ref adjacencies[packet.Adjacency];
            Ip4Address next = adjacency.Kind == AdjacencyKind.NextHop
                ? adjacency.NextHop4
                : batch.Header<Ipv4Header>(slot, packet.Offset).Destination;
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
