using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Answers pings of own IPv6 addresses in the same frame (RFC 4443 section 4.2).
///
/// In:    an echo request to a unicast address, whole; L4Offset at its ICMP header.
/// Out:   the reply, back to ip6-lookup.
/// Drops: BadIcmp, TooDeep.
/// </summary>
[NodeName("icmp6-echo")]
public sealed class Icmp6Echo(NodeBuilder build) : Node(build)
{
    private readonly Edge _lookup = build.BackEdge("ip6-lookup");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            ref Ipv6Header header = ref batch.Header<Ipv6Header>(slot, packet.L3Offset);
            int length = packet.Length - (packet.L4Offset - packet.L3Offset);
            ushort pseudo = InternetChecksum.PseudoHeader(header.Source, header.Destination, IpProtocol.Icmp6, length);
            if (!PacketChecksum.IsValid(worker.UmemOf(packet.Frame), packet, pseudo))
            {
                batch.Drop(slot, DropReason.BadIcmp);
                continue;
            }

            // Exchanging the addresses does not change the pseudo-header's sum.
            ref IcmpHeader icmp = ref batch.Header<IcmpHeader>(slot, packet.L4Offset);
            (header.Source, header.Destination) = (header.Destination, header.Source);
            header.HopLimit = Limits.OwnTimeToLive;
            icmp.Checksum = InternetChecksum.Update(icmp.Checksum, Icmp6.EchoRequest << 8, Icmp6.EchoReply << 8);
            icmp.Type = Icmp6.EchoReply;
            packet.Flags |= PacketFlags.Originated;
            batch.SendBack(slot, _lookup);
        }
    }
}
