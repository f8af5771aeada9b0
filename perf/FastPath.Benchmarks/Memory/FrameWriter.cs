using System;
using FastPath.Net;

namespace FastPath.Benchmarks.Memory;

/// <summary>Writes the frames of the scenarios: UDP in IPv4 or IPv6, plain or inside VXLAN.</summary>
internal static class FrameWriter
{
    private const int Payload = 18; // 60 bytes in all: the smallest Ethernet frame without its FCS
    private const byte TimeToLive = 64;

    /// <summary>A frame of 60 bytes.</summary>
    public static byte[] Ip4(ulong to, ulong from, uint source, uint destination, int sourcePort)
    {
        byte[] frame = new byte[EthernetHeader.Size + Ipv4Header.Size + UdpHeader.Size + Payload];
        PutEthernet(frame, to, from, EtherType.Ip4);
        PutIp4(frame.AsSpan(EthernetHeader.Size), source, destination);
        PutUdp(frame.AsSpan(EthernetHeader.Size + Ipv4Header.Size), sourcePort, 9000);
        return frame;
    }

    /// <summary>A frame of 62 bytes: an empty UDP datagram.</summary>
    public static byte[] Ip6(ulong to, ulong from, Ip6Address source, Ip6Address destination, int sourcePort)
    {
        byte[] frame = new byte[EthernetHeader.Size + Ipv6Header.Size + UdpHeader.Size];
        PutEthernet(frame, to, from, EtherType.Ip6);
        Wire.Header<Ipv6Header>(frame.AsSpan(EthernetHeader.Size)) = new Ipv6Header
        {
            VersionClassFlow = 6u << 28,
            PayloadLength = UdpHeader.Size,
            NextHeader = IpProtocol.Udp,
            HopLimit = TimeToLive,
            Source = source,
            Destination = destination,
        };
        PutUdp(frame.AsSpan(EthernetHeader.Size + Ipv6Header.Size), sourcePort, 9000);
        return frame;
    }

    /// <summary>The frame inside VXLAN: 50 bytes more. The outer source port tells flows apart, as real end points do.</summary>
    public static byte[] Vxlan(byte[] inner, ulong to, ulong from, uint source, uint destination, uint vni, int sourcePort)
    {
        const int Outer = EthernetHeader.Size + Ipv4Header.Size;
        byte[] frame = new byte[Outer + UdpHeader.Size + VxlanHeader.Size + inner.Length];
        PutEthernet(frame, to, from, EtherType.Ip4);
        PutIp4(frame.AsSpan(EthernetHeader.Size), source, destination);
        PutUdp(frame.AsSpan(Outer), sourcePort, VxlanHeader.Port);
        Wire.Header<VxlanHeader>(frame.AsSpan(Outer + UdpHeader.Size)) = VxlanHeader.Of(vni);
        inner.CopyTo(frame, Outer + UdpHeader.Size + VxlanHeader.Size);
        return frame;
    }

    private static void PutEthernet(Span<byte> at, ulong to, ulong from, EtherType type)
    {
        ref EthernetHeader header = ref Wire.Header<EthernetHeader>(at);
        header.Destination = MacAddress.FromValue(to);
        header.Source = MacAddress.FromValue(from);
        header.Type = type;
    }

    private static void PutIp4(Span<byte> packet, uint source, uint destination)
    {
        ref Ipv4Header header = ref Wire.Header<Ipv4Header>(packet);
        header.VersionAndIhl = Ipv4Header.PlainVersionAndIhl;
        header.TotalLength = (ushort)packet.Length;
        header.TimeToLive = TimeToLive;
        header.Protocol = IpProtocol.Udp;
        header.Source = new Ip4Address(source);
        header.Destination = new Ip4Address(destination);
        header.Checksum = InternetChecksum.OfPlainHeader(ref header);
    }

    /// <summary>Without a checksum, as RFC 768 allows and VXLAN recommends; no node of the scenarios reads it.</summary>
    private static void PutUdp(Span<byte> datagram, int sourcePort, int destinationPort)
    {
        ref UdpHeader header = ref Wire.Header<UdpHeader>(datagram);
        header.SourcePort = (ushort)sourcePort;
        header.DestinationPort = (ushort)destinationPort;
        header.Length = (ushort)datagram.Length;
    }
}
