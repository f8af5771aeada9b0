using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Forwards IPv4 packets: TTL, MTU, then the Ethernet header of the next hop.
///
/// In:    Offset at the IPv4 header; Adjacency names a next hop or a connected network.
/// Out:   port-output or bvi-output with a whole frame; arp-resolve when the neighbor is not known; icmp4-error.
/// Drops: TooBig (with DF clear: fragmentation is not there yet).
/// </summary>
[NodeName("ip4-rewrite")]
public sealed class Ip4Rewrite(NodeBuilder build) : Node(build)
{
    private readonly Edge _output = build.Edge("port-output");
    private readonly Edge _bviOutput = build.Edge("bvi-output");
    private readonly Edge _resolve = build.Edge("arp-resolve");
    private readonly Edge _error = build.Edge("icmp4-error");

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
            ref Ipv4Header header = ref batch.Header<Ipv4Header>(slot, packet.Offset);
            if (header.TimeToLive <= 1 || packet.Length > adjacency.Mtu)
            {
                Refuse(batch, slot, header, adjacency.Mtu);
                continue;
            }

            Ip4Address next = adjacency.Kind == AdjacencyKind.NextHop ? adjacency.NextHop4 : header.Destination;
            if (!neighbors.TryLookup(NeighborKey.Of(adjacency.Port, next), out ulong mac))
            {
                batch.Send(slot, _resolve);
                continue;
            }

            DecrementTimeToLive(ref header);
            ref PortEntry port = ref ports[adjacency.Port];
            EthernetRewrite.Prepend(batch, slot, mac, port.Mac, EtherType.Ip4);
            packet.TxPort = adjacency.Port;
            if (port.Kind == PortKind.Device)
                sent.Add(slot);
            else
                batch.Send(slot, _bviOutput);
        }

        if (worker.Tables.Features.HasAny(Arc.Ip4Output))
            sent = FeatureChains.Start(worker, batch, sent, Arc.Ip4Output, isOutput: true);
        batch.SendAll(sent, _output);
    }

    /// <summary>RFC 1141: TTL is the high byte of its word, so one less of it is 0x0100 more of the checksum.</summary>
    internal static void DecrementTimeToLive(ref Ipv4Header header)
    {
        header.TimeToLive--;
        uint checksum = (uint)header.Checksum + 0x0100;
        header.Checksum = (ushort)(checksum + (checksum >> 16));
    }

    private void Refuse(Batch batch, int slot, in Ipv4Header header, int mtu)
    {
        ref Packet packet = ref batch[slot];
        if (header.TimeToLive <= 1)
            packet.Adjacency = new IcmpErrorCode(DropReason.TtlExpired, Icmp4.TimeExceeded, 0).Pack();
        else if (header.DontFragment)
        {
            packet.Adjacency =
                new IcmpErrorCode(DropReason.TooBig, Icmp4.DestinationUnreachable, Icmp4.FragmentationNeeded).Pack();
            packet.FlowHash = (uint)mtu; // the error node puts it into the message
        }
        else
        {
            batch.Drop(slot, DropReason.TooBig);
            return;
        }

        batch.Send(slot, _error);
    }
}
