using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Forwards IPv6 packets: hop limit, MTU, then the Ethernet header of the next hop.
///
/// In:    Offset at the IPv6 header; Adjacency names a next hop or a connected network.
/// Out:   port-output or bvi-output with a whole frame; nd-resolve when the neighbor is not known; icmp6-error.
/// Drops: none.
/// </summary>
[NodeName("ip6-rewrite")]
public sealed class Ip6Rewrite(NodeBuilder build) : Node(build)
{
    private readonly Edge _output = build.Edge("port-output");
    private readonly Edge _bviOutput = build.Edge("bvi-output");
    private readonly Edge _resolve = build.Edge("nd-resolve");
    private readonly Edge _error = build.Edge("icmp6-error");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        Adjacency[] adjacencies = worker.Tables.Adjacencies;
        PortEntry[] ports = worker.Tables.Ports;
        NeighborTable neighbors = worker.Neighbors;
        PacketSet sent = default;

        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            ref Adjacency adjacency = ref adjacencies[packet.Adjacency];
            ref Ipv6Header header = ref batch.Header<Ipv6Header>(slot, packet.Offset);
            if (header.HopLimit <= 1 || packet.Length > adjacency.Mtu)
            {
                Refuse(batch, slot, header, adjacency.Mtu);
                continue;
            }

            Ip6Address next = adjacency.Kind == AdjacencyKind.NextHop ? adjacency.NextHop6 : header.Destination;
            if (!neighbors.TryLookup(NeighborKey.Of(adjacency.Port, next), out ulong mac))
            {
                batch.Send(slot, _resolve);
                continue;
            }

            header.HopLimit--;
            ref PortEntry port = ref ports[adjacency.Port];
            EthernetRewrite.Prepend(batch, slot, mac, port.Mac, EtherType.Ip6);
            packet.TxPort = adjacency.Port;
            if (port.Kind == PortKind.Device)
                sent.Add(slot);
            else
                batch.Send(slot, _bviOutput);
        }

        if (worker.Tables.Features.HasAny(Arc.Ip6Output))
            sent = FeatureChains.Start(worker, batch, sent, Arc.Ip6Output, isOutput: true);
        batch.SendAll(sent, _output);
    }

    private void Refuse(Batch batch, int slot, in Ipv6Header header, int mtu)
    {
        ref Packet packet = ref batch[slot];
        packet.FlowHash = (uint)mtu; // the error node puts it into a too-big message
        packet.Adjacency = header.HopLimit <= 1
            ? new IcmpErrorCode(DropReason.TtlExpired, Icmp6.TimeExceeded, 0).Pack()
            : new IcmpErrorCode(DropReason.TooBig, Icmp6.PacketTooBig, 0).Pack();
        batch.Send(slot, _error);
    }
}
