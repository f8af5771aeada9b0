using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>IPv4 header without options (RFC 791 section 3.1).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct Ipv4Header
{
    public const int Size = 20;

    /// <summary>Version 4 and a header of 20 bytes.</summary>
    public const byte PlainVersionAndIhl = 0x45;

    private const ushort DontFragmentFlag = 0x4000;
    private const ushort MoreFragmentsFlag = 0x2000;
    private const ushort OffsetMask = 0x1FFF;

    public byte VersionAndIhl;
    public byte DscpAndEcn;
    public U16Be TotalLength;
    public U16Be Identification;
    public U16Be FlagsAndFragmentOffset;
    public byte TimeToLive;
    public IpProtocol Protocol;
    public U16Be Checksum;
    public Ip4Address Source;
    public Ip4Address Destination;

    // Octets 0, 6 and 7 of the header as the machine reads eight: version and length, and the fragment offset.
    private const ulong PlainMask = 0xFF1F_0000_0000_00FF;

    /// <summary>
    /// Whether it is version 4, without options, and has the transport header behind it: one load and one compare.
    /// </summary>
    // SAFETY: the header has 20 bytes.
    public readonly bool IsPlain =>
        (Unsafe.ReadUnaligned<ulong>(in VersionAndIhl) & PlainMask) == PlainVersionAndIhl;

    // Octets 6 and 7 without "don't fragment"; and octet 1, the ECN bits of which are 3 for "congestion experienced".
    private const ulong FragmentMask = 0xFF3F_0000_0000_0000;
    private const ulong EcnMask = 0x0300;
    private const ulong EcnOne = 0x0100;
    private const ulong EcnCarry = 0x0400;

    /// <summary>
    /// Whether it is no fragment and was not marked as having met congestion: one load, because one more than both ECN
    /// bits carries into the bit above.
    /// </summary>
    // SAFETY: the header has 20 bytes.
    public readonly bool IsWholeAndUnmarked =>
        (((Unsafe.ReadUnaligned<ulong>(in VersionAndIhl) & (FragmentMask | EcnMask)) + EcnOne)
            & (FragmentMask | EcnCarry)) == 0;

    /// <summary>
    /// One hop less, and the checksum that goes with it (RFC 1141): TTL is the high byte of its word, so 0x0100 is
    /// added to the complement, which is 1 as the machine reads it.
    /// </summary>
    public void DecrementTimeToLive()
    {
        TimeToLive--;
        uint checksum = (uint)Checksum.Network + 1;
        Checksum = U16Be.OfNetwork((ushort)(checksum + (checksum >> 16)));
    }

    public readonly int Version => VersionAndIhl >> 4;

    /// <summary>Bytes of the header with options, 0..60; below 20 is malformed.</summary>
    public readonly int HeaderLength => (VersionAndIhl & 0xF) * 4;

    public readonly bool DontFragment => (FlagsAndFragmentOffset & DontFragmentFlag) != 0;

    public readonly bool MoreFragments => (FlagsAndFragmentOffset & MoreFragmentsFlag) != 0;

    /// <summary>Bytes of the datagram before this fragment.</summary>
    public readonly int FragmentOffset => (FlagsAndFragmentOffset & OffsetMask) * 8;

    public readonly bool IsFragment => (FlagsAndFragmentOffset & (MoreFragmentsFlag | OffsetMask)) != 0;

    /// <summary>Whether the transport header is in it: not a fragment, or the first.</summary>
    public readonly bool HasTransportHeader => (FlagsAndFragmentOffset & OffsetMask) == 0;
}
