using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// The last step of IPv4 packets that are not forwarded, so that their TTL stays: MTU and the Ethernet header of the next
/// hop.
/// </summary>
[PerWorker]
public abstract class Ip4Egress(NodeBuilder build) : Node(build)
{
    private readonly Edge _output = build.Edge("port-output");
    private readonly Edge _resolve = build.Edge("arp-resolve");

    /// <summary>What becomes of a frame that leaves by a bridge interface.</summary>
    protected abstract void SendToBridge(Batch batch, int slot);

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

            ref PortEntry port = ref ports[adjacency.Port];
            if (port.Kind != PortKind.Device && (packet.Flags & PacketFlags.Encapsulated) != 0)
            {
                batch.Drop(slot, DropReason.TunnelUnreachable); // before the neighbor is asked for, or it would wait here
                continue;
            }

            Ip4Address next = adjacency.Kind == AdjacencyKind.NextHop
                ? adjacency.NextHop4
                : batch.Header<Ipv4Header>(slot, packet.Offset).Destination;
            if (!neighbors.TryLookup(NeighborKey.Of(adjacency.Port, next), out ulong mac))
            {
                batch.Send(slot, _resolve);
                continue;
            }

            EthernetRewrite.Prepend(batch, slot, mac, port.Mac, EtherType.Ip4);
            packet.TxPort = adjacency.Port;
            if (port.Kind == PortKind.Device)
                sent.Add(slot);
            else
                SendToBridge(batch, slot);
        }

        batch.SendAll(sent, _output);
    }
}
