using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Answers pings of own IPv4 addresses in the same frame (RFC 792, RFC 1122 section 3.2.2.6).
///
/// In:    an echo request, whole; L4Offset at its ICMP header.
/// Out:   the reply, back to ip4-lookup.
/// Drops: BadIcmp, NotRouted (request to a group), TooDeep.
/// </summary>
[NodeName("icmp4-echo")]
public sealed class Icmp4Echo(NodeBuilder build) : Node(build)
{
    private readonly Edge _lookup = build.BackEdge("ip4-lookup");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            if (!PacketChecksum.IsValid(worker.UmemOf(packet.Frame), packet, seed: 0))
            {
                batch.Drop(slot, DropReason.BadIcmp);
                continue;
            }

            if ((packet.Flags & PacketFlags.LinkMulticast) != 0)
            {
                batch.Drop(slot, DropReason.NotRouted);
                continue;
            }

            ref Ipv4Header header = ref batch.Header<Ipv4Header>(slot, packet.L3Offset);
            ref IcmpHeader icmp = ref batch.Header<IcmpHeader>(slot, packet.L4Offset);
            (header.Source, header.Destination) = (header.Destination, header.Source);
            header.Checksum = InternetChecksum.Update(header.Checksum, Word(header.TimeToLive, header.Protocol),
                Word(Limits.OwnTimeToLive, header.Protocol));
            header.TimeToLive = Limits.OwnTimeToLive;
            icmp.Checksum = InternetChecksum.Update(icmp.Checksum, Icmp4.EchoRequest << 8, Icmp4.EchoReply << 8);
            icmp.Type = Icmp4.EchoReply;
            packet.Flags |= PacketFlags.Originated;
            batch.SendBack(slot, _lookup);
        }
    }

    private static ushort Word(byte timeToLive, IpProtocol protocol) => (ushort)((timeToLive << 8) | (byte)protocol);
}
