using System;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Tells the sender of a bridged frame that it does not fit into its tunnel: ICMP fragmentation needed or packet too
/// big, in the name of the destination, back through the bridge. A bridge has no address of its own to speak with; the
/// kernel's tunnels do the same (net/ipv4/ip_tunnel_core.c).
///
/// In:    a whole frame; TooBigMtu is the largest network packet that fits.
/// Out:   the message enters port-output of the port the frame came from, in the next batch.
/// Drops: TooBig, always.
/// </summary>
[NodeName("bridged-too-big")]
public sealed class BridgedTooBig(NodeBuilder build) : Node(build)
{
    private const int Ip4Overhead = Ipv4Header.Size + IcmpHeader.Size;
    private const int Ip6Overhead = Ipv6Header.Size + IcmpHeader.Size;

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        foreach (int slot in packets)
        {
            Span<byte> frame = batch.Bytes(slot);
            EthernetHeader ethernet = Wire.Read<EthernetHeader>(frame);
            if (!ethernet.Destination.IsGroup)
                Answer(worker, batch, slot, frame, ethernet);
            batch.Drop(slot, DropReason.TooBig);
        }
    }

    private static void Answer(Worker worker, Batch batch, int slot, Span<byte> frame, EthernetHeader ethernet)
    {
        Span<byte> packet = frame[EthernetHeader.Size..];
        bool isIp4 = ethernet.Type == EtherType.Ip4 && MayAnswer4(packet);
        if (!isIp4 && !(ethernet.Type == EtherType.Ip6 && MayAnswer6(packet)))
            return;
        int overhead = isIp4 ? Ip4Overhead : Ip6Overhead;
        int most = (isIp4 ? Limits.Icmp4ErrorBytes : Limits.Icmp6ErrorBytes) - overhead;
        int quoted = Math.Min(packet.Length, most);
        if (!worker.MaySendIcmpError()
            || !worker.TryOriginate(EthernetHeader.Size + overhead + quoted, out Packet message))
            return;

        Span<byte> bytes = worker.Home.Bytes(message.Frame, message.Offset, message.Length);
        ref EthernetHeader header = ref Wire.Header<EthernetHeader>(bytes);
        header = ethernet;
        (header.Destination, header.Source) = (ethernet.Source, ethernet.Destination);
        packet[..quoted].CopyTo(bytes[(EthernetHeader.Size + overhead)..]);
        if (isIp4)
            Write4(bytes[EthernetHeader.Size..], Wire.Read<Ipv4Header>(packet), batch[slot].TooBigMtu);
        else
            Write6(bytes[EthernetHeader.Size..], Wire.Read<Ipv6Header>(packet), batch[slot].TooBigMtu);

        message.TxPort = batch[slot].RxPort;
        bool fromBridgeInterface = worker.Tables.Ports[message.TxPort].Kind == Tables.PortKind.BridgeInterface;
        if (!worker.TryEnqueue(message, fromBridgeInterface ? worker.Entries.BviInput : worker.Entries.PortOutput))
            worker.DropHeld(message.Frame, DropReason.PendingFull);
    }

    private static bool MayAnswer4(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < Ipv4Header.Size + IcmpHeader.Size)
            return false;
        Ipv4Header header = Wire.Read<Ipv4Header>(packet);
        bool isError = header.Protocol == IpProtocol.Icmp && packet.Length > header.HeaderLength
            && Icmp4.IsError(packet[header.HeaderLength]);
        return header.Version == 4 && header.DontFragment && header.HasTransportHeader && !isError;
    }

    private static bool MayAnswer6(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < Ipv6Header.Size + IcmpHeader.Size)
            return false;
        Ipv6Header header = Wire.Read<Ipv6Header>(packet);
        bool isError = header.NextHeader == IpProtocol.Icmp6 && Icmp6.IsError(packet[Ipv6Header.Size]);
        return header.Version == 6 && !header.Source.IsMulticast && !header.Source.IsUnspecified && !isError;
    }

    private static void Write4(Span<byte> bytes, in Ipv4Header original, uint mtu)
    {
        ref IcmpHeader icmp = ref Wire.Header<IcmpHeader>(bytes[Ipv4Header.Size..]);
        icmp = new IcmpHeader { Type = Icmp4.DestinationUnreachable, Code = Icmp4.FragmentationNeeded, Rest = mtu };
        icmp.Checksum = InternetChecksum.Compute(bytes[Ipv4Header.Size..]);
        OwnPacket.WriteHeader(bytes, original.Destination, original.Source, IpProtocol.Icmp, Limits.OwnTimeToLive);
    }

    private static void Write6(Span<byte> bytes, in Ipv6Header original, uint mtu)
    {
        Span<byte> body = bytes[Ipv6Header.Size..];
        ref IcmpHeader icmp = ref Wire.Header<IcmpHeader>(body);
        icmp = new IcmpHeader { Type = Icmp6.PacketTooBig, Rest = mtu };
        ushort pseudo = InternetChecksum.PseudoHeader(original.Destination, original.Source, IpProtocol.Icmp6,
            body.Length);
        icmp.Checksum = (ushort)~InternetChecksum.Add(pseudo, InternetChecksum.Sum(body));
        OwnPacket.WriteHeader(bytes, original.Destination, original.Source, IpProtocol.Icmp6, Limits.OwnTimeToLive);
    }
}
