using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Nodes;
using FastPath.Net;
using FastPath.Xdp;

namespace FastPath.Dataplane.Ports;

/// <summary>
/// Checksums that a sender left to its device: the TCP or UDP field holds only the pseudo-header's sum. Toward a veth
/// they stay so, by TX metadata, which costs nothing; elsewhere they are completed in software.
/// </summary>
/// <remarks>
/// One packet in 65,536 with a right checksum looks partial by chance; its checksum is computed again and is right
/// again. Fragments and SCTP are not covered (docs/OPERATIONS.md).
/// </remarks>
[PerWorker]
internal static class PartialChecksum
{
    /// <summary>Where a partial checksum of a frame lies.</summary>
    internal readonly record struct Place(int Start, int FieldOffset, ushort Pseudo, int Length);

    /// <summary>
    /// Whether the TCP or UDP checksum of an Ethernet frame is partial; at most two 802.1Q tags may be in band.
    /// </summary>
    public static bool TryFind(System.ReadOnlySpan<byte> frame, out Place place)
    {
        place = default;
        if (!VlanTags.TryFindPayload(frame, out int offset, out EtherType type))
            return false;
        return type switch
        {
            EtherType.Ip4 => TryFind4(frame[offset..], offset, out place),
            EtherType.Ip6 => TryFind6(frame[offset..], offset, out place),
            _ => false,
        };
    }

    /// <summary>Completes a partial checksum over the whole packet; does nothing to others.</summary>
    public static void Complete(Umem umem, in Packet packet)
    {
        System.Span<byte> frame = FirstChunk(umem, packet.Frame, packet.Offset, packet.Length);
        if (!TryFind(frame, out Place place))
            return;
        Packet view = packet;
        view.L4Offset = (ushort)(packet.Offset + place.Start);
        // The field holds the pseudo-header's sum already: summing everything includes it. What the packet has behind
        // its IP length (Ethernet padding) is zero by IEEE 802.3 and does not change the sum.
        ushort checksum = (ushort)~PacketChecksum.Sum(umem, view, seed: 0);
        Wire.Header<U16Be>(frame[(place.Start + place.FieldOffset)..]) = checksum == 0 ? (ushort)0xFFFF : checksum;
    }

    internal static System.Span<byte> FirstChunk(Umem umem, FrameAddress frame, int offset, int length) =>
        umem.Bytes(frame, offset, System.Math.Min(length, umem.ChunkBytes - offset));

    private static bool TryFind4(System.ReadOnlySpan<byte> packet, int at, out Place place)
    {
        place = default;
        if (packet.Length < Ipv4Header.Size)
            return false;
        Ipv4Header ip = Wire.Read<Ipv4Header>(packet);
        int length = ip.TotalLength - ip.HeaderLength;
        if (ip.Version != 4 || ip.HeaderLength < Ipv4Header.Size || ip.IsFragment
            || !TryField(ip.Protocol, out int field) || length < field + 2
            || packet.Length < ip.HeaderLength + field + 2)
            return false;
        ushort pseudo = InternetChecksum.PseudoHeader(ip.Source, ip.Destination, ip.Protocol, length);
        place = new Place(at + ip.HeaderLength, field, pseudo, length);
        return Wire.Read<U16Be>(packet[(ip.HeaderLength + field)..]) == pseudo;
    }

    private static bool TryFind6(System.ReadOnlySpan<byte> packet, int at, out Place place)
    {
        place = default;
        if (packet.Length < Ipv6Header.Size)
            return false;
        Ipv6Header ip = Wire.Read<Ipv6Header>(packet);
        if (ip.Version != 6 || !TryField(ip.NextHeader, out int field) || ip.PayloadLength < field + 2
            || packet.Length < Ipv6Header.Size + field + 2)
            return false;
        ushort pseudo = InternetChecksum.PseudoHeader(ip.Source, ip.Destination, ip.NextHeader, ip.PayloadLength);
        place = new Place(at + Ipv6Header.Size, field, pseudo, ip.PayloadLength);
        return Wire.Read<U16Be>(packet[(Ipv6Header.Size + field)..]) == pseudo;
    }

    private static bool TryField(IpProtocol protocol, out int offset)
    {
        offset = protocol == IpProtocol.Tcp ? TcpHeader.ChecksumOffset : UdpHeader.ChecksumOffset;
        return protocol is IpProtocol.Tcp or IpProtocol.Udp;
    }
}
