using System;

namespace FastPath.Net;

/// <summary>Explicit congestion notification (RFC 3168 section 5): the low two bits of DSCP and ECN.</summary>
public static class Ecn
{
    /// <summary>The two bits; both set say that a router on the way was congested.</summary>
    public const byte Mask = 3;

    private const int TrafficClassShift = 20; // of the first word of an IPv6 header

    /// <summary>
    /// Carries "congestion experienced" of an outer header over to an Ethernet frame that came out of it (RFC 6040
    /// section 4.2). False when its sender does not know of marks (Not-ECT): the frame must be dropped. What is not IP,
    /// or cut, is left as it is, as by the kernel (IP_ECN_decapsulate).
    /// </summary>
    public static bool TryMark(Span<byte> frame)
    {
        if (!VlanTags.TryFindPayload(frame, out int at, out EtherType type))
            return true;
        Span<byte> packet = frame[at..];
        if (type == EtherType.Ip4 && packet.Length >= Ipv4Header.Size)
            return TryMark(ref Wire.Header<Ipv4Header>(packet));
        return type != EtherType.Ip6 || packet.Length < Ipv6Header.Size || TryMark(ref Wire.Header<Ipv6Header>(packet));
    }

    private static bool TryMark(ref Ipv4Header header)
    {
        byte before = header.DscpAndEcn;
        if ((before & Mask) is 0 or Mask)
            return (before & Mask) != 0;
        header.DscpAndEcn = (byte)(before | Mask);
        header.Checksum = InternetChecksum.Update(header.Checksum, (ushort)before, (ushort)(before | Mask));
        return true;
    }

    private static bool TryMark(ref Ipv6Header header)
    {
        if ((header.VersionClassFlow >> TrafficClassShift & Mask) == 0)
            return false;
        header.VersionClassFlow = header.VersionClassFlow | ((uint)Mask << TrafficClassShift);
        return true;
    }
}
