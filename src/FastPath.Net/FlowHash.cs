using System;
using System.Numerics;

namespace FastPath.Net;

/// <summary>
/// A hash of a flow that is the same in both directions. For spreading: choice of a worker, entropy of a VXLAN source
/// port. Not for tables that an attacker could fill: it has no secret.
/// </summary>
public static class FlowHash
{
    /// <summary>
    /// Hash of an Ethernet frame: 5-tuple, addresses alone for fragments, MAC addresses for anything else.
    /// </summary>
    public static uint Of(ReadOnlySpan<byte> frame)
    {
        if (!VlanTags.TryFindPayload(frame, out int offset, out EtherType type))
            return 0;
        EthernetHeader header = Wire.Read<EthernetHeader>(frame);
        ReadOnlySpan<byte> packet = frame[offset..];
        return type switch
        {
            EtherType.Ip4 when packet.Length >= Ipv4Header.Size => Ip4(packet),
            EtherType.Ip6 when packet.Length >= Ipv6Header.Size => Ip6(packet),
            _ => Mix(header.Destination.Value ^ header.Source.Value, header.Destination.Value + header.Source.Value),
        };
    }

    /// <summary>
    /// The same for a frame of plain IPv4: no VLAN tag, no options, no fragment, with ports. False says nothing: ask
    /// <see cref="Of"/>.
    /// </summary>
    /// <param name="headers">Start of the frame; read only as far as <paramref name="length"/> allows.</param>
    /// <param name="length">Bytes of the frame.</param>
    /// <param name="hash">The hash.</param>
    public static bool TryOfPlain(ref readonly FlowHeaders headers, int length, out uint hash)
    {
        if (length < FlowHeaders.Size || !headers.IsPlainIp4)
        {
            hash = 0;
            return false;
        }

        uint ports = headers.Ports;
        hash = Symmetric(((ulong)headers.Source.Value << 16) | (ports >> 16),
            ((ulong)headers.Destination.Value << 16) | (ushort)ports, (byte)headers.Protocol);
        return true;
    }

    /// <summary>Hash of two ends and what they share; exchanging the ends gives the same.</summary>
    public static uint Symmetric(ulong a, ulong b, ulong shared) => Mix(a ^ b, a + b + (shared << 48));

    private static uint Ip4(ReadOnlySpan<byte> packet)
    {
        Ipv4Header ip = Wire.Read<Ipv4Header>(packet);
        uint ports = ip.IsFragment ? 0 : Ports(packet, ip.HeaderLength, ip.Protocol);
        return Symmetric(((ulong)ip.Source.Value << 16) | (ports >> 16), ((ulong)ip.Destination.Value << 16)
            | (ushort)ports,
            (byte)ip.Protocol);
    }

    private static uint Ip6(ReadOnlySpan<byte> packet)
    {
        Ipv6Header ip = Wire.Read<Ipv6Header>(packet);
        uint ports = Ports(packet, Ipv6Header.Size, ip.NextHeader);
        ulong source = ip.Source.High * 0x9E37_79B9_7F4A_7C15 + ip.Source.Low;
        ulong destination = ip.Destination.High * 0x9E37_79B9_7F4A_7C15 + ip.Destination.Low;
        return Symmetric(source + ((ulong)(ports >> 16) << 32), destination
            + ((ulong)(ushort)ports << 32), (byte)ip.NextHeader);
    }

    private static uint Ports(ReadOnlySpan<byte> packet, int offset, IpProtocol protocol)
    {
        bool hasPorts = protocol is IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Sctp;
        return hasPorts && packet.Length >= offset + 4 ? Wire.Read<U32Be>(packet[offset..]) : 0;
    }

    private static uint Mix(ulong a, ulong b)
    {
        ulong low = Math.BigMul(a ^ 0xA076_1D64_78BD_642F, b ^ 0xE703_7ED1_A0B4_28DB, out ulong high);
        ulong mixed = (low ^ BitOperations.RotateLeft(high, 32)) * 0x9E37_79B9_7F4A_7C15;
        return (uint)(mixed >> 32);
    }
}
