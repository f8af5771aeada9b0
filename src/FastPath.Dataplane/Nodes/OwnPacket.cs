using System;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>Writes network headers of packets that FastPath makes.</summary>
[PerWorker]
internal static class OwnPacket
{
    private const byte InternetControl = 6 << 5; // class selector 6 (RFC 1812 section 4.3.2.5)

    /// <summary>An IPv4 header without options, fragments refused, over the whole span.</summary>
    public static void WriteHeader(Span<byte> packet, Ip4Address source, Ip4Address destination, IpProtocol protocol,
        byte timeToLive)
    {
        ref Ipv4Header header = ref Wire.Header<Ipv4Header>(packet);
        header = new Ipv4Header
        {
            VersionAndIhl = Ipv4Header.PlainVersionAndIhl,
            DscpAndEcn = InternetControl,
            TotalLength = (ushort)packet.Length,
            TimeToLive = timeToLive,
            Protocol = protocol,
            Source = source,
            Destination = destination,
        };
        header.Checksum = InternetChecksum.Compute(packet[..Ipv4Header.Size]);
    }

    /// <summary>An IPv6 header over the whole span.</summary>
    public static void WriteHeader(Span<byte> packet, Ip6Address source, Ip6Address destination, IpProtocol next,
        byte hopLimit) =>
        Wire.Header<Ipv6Header>(packet) = new Ipv6Header
        {
            VersionClassFlow = 6u << 28,
            PayloadLength = (ushort)(packet.Length - Ipv6Header.Size),
            NextHeader = next,
            HopLimit = hopLimit,
            Source = source,
            Destination = destination,
        };
}
