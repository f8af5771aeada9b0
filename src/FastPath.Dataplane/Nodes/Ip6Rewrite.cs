using FastPath.Dataplane.Engine;
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
        RewriteCache rewrites = worker.Rewrites;
        PacketSet sent = default;
        PacketSet bridged = default;
        PacketSet others = default;

        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            ref Ipv6Header header = ref batch.Header<Ipv6Header>(slot, packet.Offset);
            ref readonly RewriteEntry way = ref rewrites.At(packet.Adjacency);
            if (!rewrites.Holds(way, packet.Adjacency) || header.HopLimit <= 1 || packet.Length > way.Mtu)
            {
                others.Add(slot);
                continue;
            }

            header.HopLimit--;
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
        if (worker.Tables.Features.HasAny(Arc.Ip6Output))
            sent = FeatureChains.Start(worker, batch, sent, Arc.Ip6Output, isOutput: true);
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
        ref Ipv6Header header = ref batch.Header<Ipv6Header>(slot, packet.Offset);
        int mtu = worker.Tables.Adjacencies[packet.Adjacency].Mtu;
        if (header.HopLimit <= 1 || packet.Length > mtu)
        {
            Refuse(batch, slot, header, mtu);
            return false;
        }

        if (!worker.Rewrites.TryFind(worker, packet.Adjacency, header.Destination, out RewriteEntry way))
        {
            batch.Send(slot, _resolve);
            return false;
        }

        header.HopLimit--;
        Batch.Prepend(ref packet, ref header, way);
        packet.TxPort = way.Port;
        if (way.IsDevice)
            return true;
        batch.Send(slot, _bviOutput);
        return false;
    }

    private void Refuse(Batch batch, int slot, in Ipv6Header header, int mtu)
    {
        ref Packet packet = ref batch[slot];
        packet.TooBigMtu = (uint)mtu;
        packet.Adjacency = header.HopLimit <= 1
            ? new IcmpErrorCode(DropReason.TtlExpired, Icmp6.TimeExceeded, 0).Pack()
            : new IcmpErrorCode(DropReason.TooBig, Icmp6.PacketTooBig, 0).Pack();
        batch.Send(slot, _error);
    }
}
