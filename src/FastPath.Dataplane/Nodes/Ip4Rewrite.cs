using FastPath.Dataplane.Engine;
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
        RewriteCache rewrites = worker.Rewrites;
        PacketSet sent = default;
        PacketSet bridged = default;
        PacketSet others = default;

        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            ref Ipv4Header header = ref batch.Header<Ipv4Header>(slot, packet.Offset);
            ref readonly RewriteEntry way = ref rewrites.At(packet.Adjacency, header);
            if (!rewrites.CanForward(way, packet.Adjacency, header, packet.Length))
            {
                others.Add(slot);
                continue;
            }

            header.DecrementTimeToLive();
            Batch.Prepend(ref packet, ref header, way);
            packet.TxPort = way.Port;
            if (way.IsDevice)
                sent.Add(slot);
            else
                bridged.Add(slot);
        }

        foreach (int slot in others)
            if (IsSent(worker, batch, slot))
                sent.Add(slot);
        if (worker.Tables.Features.HasAny(Arc.Ip4Output))
            sent = FeatureChains.Start(worker, batch, sent, Arc.Ip4Output, isOutput: true);
        batch.SendAll(sent, _output);
        batch.SendAll(bridged, _bviOutput);
    }

    /// <summary>
    /// The same for packets whose next hop is not at hand or that must not go on. True when the packet leaves by a
    /// device.
    /// </summary>
    private bool IsSent(Worker worker, Batch batch, int slot)
    {
        ref Packet packet = ref batch[slot];
        ref Ipv4Header header = ref batch.Header<Ipv4Header>(slot, packet.Offset);
        int mtu = worker.Tables.Adjacencies[packet.Adjacency].Mtu;
        if (header.TimeToLive <= 1 || packet.Length > mtu)
        {
            Refuse(batch, slot, header, mtu);
            return false;
        }

        if (!worker.Rewrites.TryFind(worker, packet.Adjacency, header.Destination, out RewriteEntry way))
        {
            batch.Send(slot, _resolve);
            return false;
        }

        header.DecrementTimeToLive();
        Batch.Prepend(ref packet, ref header, way);
        packet.TxPort = way.Port;
        if (way.IsDevice)
            return true;
        batch.Send(slot, _bviOutput);
        return false;
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
            packet.TooBigMtu = (uint)mtu;
        }
        else
        {
            batch.Drop(slot, DropReason.TooBig);
            return;
        }

        batch.Send(slot, _error);
    }
}
