using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Sends IPv6 packets that are not forwarded, so that their hop limit stays: made here or released from the
/// wait for a neighbor.
///
/// In:    Offset at the IPv6 header; Adjacency names a next hop or a connected network.
/// Out:   port-output or bvi-output with a whole frame; nd-resolve when the neighbor is not known.
/// Drops: TooBig, NoRoute.
/// </summary>
[NodeName("ip6-output")]
public sealed class Ip6Output(NodeBuilder build) : Node(build)
{
    private readonly Edge _output = build.Edge("port-output");
    private readonly Edge _bviOutput = build.Edge("bvi-output");
    private readonly Edge _resolve = build.Edge("nd-resolve");

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
            if (adjacency.Kind is not (AdjacencyKind.NextHop or AdjacencyKind.Connected))
            {
                batch.Drop(slot, DropReason.NoRoute);
                continue;
            }

            if (packet.Length > adjacency.Mtu)
            {
                batch.Drop(slot, DropReason.TooBig);
                continue;
            }

            Ip6Address next = adjacency.Kind == AdjacencyKind.NextHop
                ? adjacency.NextHop6
                : batch.Header<Ipv6Header>(slot, packet.Offset).Destination;
            if (!neighbors.TryLookup(NeighborKey.Of(adjacency.Port, next), out ulong mac))
            {
                batch.Send(slot, _resolve);
                continue;
            }

            ref PortEntry port = ref ports[adjacency.Port];
            EthernetRewrite.Prepend(batch, slot, mac, port.Mac, EtherType.Ip6);
            packet.TxPort = adjacency.Port;
            if (port.Kind == PortKind.Device)
                sent.Add(slot);
            else
                batch.Send(slot, _bviOutput);
        }

        batch.SendAll(sent, _output);
    }
}
