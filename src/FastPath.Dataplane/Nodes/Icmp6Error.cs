using System;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Tells senders why their IPv6 packet was not forwarded (RFC 4443 section 3), and drops the packet under that reason.
/// Rate-limited; no error about errors, groups or the unspecified source (RFC 4443 section 2.4 e).
///
/// In:    Offset at the IPv6 header; Adjacency is a packed <see cref="IcmpErrorCode"/>, TooBigMtu the MTU of a too-big.
/// Out:   a message of FastPath's own enters ip6-lookup in the next batch.
/// Drops: the reason in Adjacency, always.
/// </summary>
[NodeName("icmp6-error")]
public sealed class Icmp6Error(NodeBuilder build) : Node(build)
{
    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        foreach (int slot in packets)
        {
            IcmpErrorCode error = IcmpErrorCode.Unpack(batch[slot].Adjacency);
            // The port of a packet that waited may be gone: then there is no address to speak with.
            bool hasPort = worker.Tables.Ports[batch[slot].RxPort].IsRouted;
            if (hasPort && MayAnswer(batch, slot) && worker.MaySendIcmpError())
                Send(worker, batch, slot, error);
            batch.Drop(slot, error.Reason);
        }
    }

    private static bool MayAnswer(Batch batch, int slot)
    {
        ref Packet packet = ref batch[slot];
        if ((packet.Flags & (PacketFlags.LinkMulticast | PacketFlags.Originated)) != 0)
            return false;
        ref Ipv6Header header = ref batch.Header<Ipv6Header>(slot, packet.L3Offset);
        if (header.Source.IsUnspecified || header.Source.IsMulticast || header.Destination.IsMulticast)
            return false;
        Ipv6Walk walk = Ipv6Extensions.Walk(batch.Bytes(slot));
        if (walk.Status != Ipv6WalkStatus.Ok || walk.Protocol != IpProtocol.Icmp6)
            return walk.Status == Ipv6WalkStatus.Ok;
        return walk.HasTransportHeader && packet.Length > walk.Offset
            && !Icmp6.IsError(batch.Header<byte>(slot, packet.L3Offset + walk.Offset));
    }

    private static void Send(Worker worker, Batch batch, int slot, IcmpErrorCode error)
    {
        const int Overhead = Ipv6Header.Size + IcmpHeader.Size;
        ref Packet packet = ref batch[slot];
        ref PortEntry port = ref worker.Tables.Ports[packet.RxPort];
        Ip6Address target = batch.Header<Ipv6Header>(slot, packet.L3Offset).Source;
        Ip6Address source = target.IsLinkLocal || port.SourceIp6.IsUnspecified
            ? port.MacAddress.LinkLocal()
            : port.SourceIp6;
        Span<byte> original = batch.Bytes(slot);
        int quoted = Math.Min(original.Length, Limits.Icmp6ErrorBytes - Overhead);
        if (!worker.TryOriginate(Overhead + quoted, out Packet message))
            return;

        Span<byte> bytes = worker.Home.Bytes(message.Frame, message.Offset, message.Length);
        original[..quoted].CopyTo(bytes[Overhead..]);
        Span<byte> body = bytes[Ipv6Header.Size..];
        ref IcmpHeader icmp = ref Wire.Header<IcmpHeader>(body);
        icmp = new IcmpHeader
        {
            Type = error.Type,
            Code = error.Code,
            Rest =
            error.Type == Icmp6.PacketTooBig ? packet.TooBigMtu : 0
        };
        ushort pseudo = InternetChecksum.PseudoHeader(source, target, IpProtocol.Icmp6, body.Length);
        icmp.Checksum = (ushort)~InternetChecksum.Add(pseudo, InternetChecksum.Sum(body));
        OwnPacket.WriteHeader(bytes, source, target, IpProtocol.Icmp6, Limits.OwnTimeToLive);
        message.L3Offset = message.Offset;
        message.L4Offset = (ushort)(message.Offset + Ipv6Header.Size);
        message.RxPort = packet.RxPort;
        if (!worker.TryEnqueue(message, worker.Entries.Ip6Lookup))
            worker.DropHeld(message.Frame, DropReason.PendingFull);
    }
}
