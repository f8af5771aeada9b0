using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>IPv6 header (RFC 8200 section 3).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct Ipv6Header
{
    public const int Size = 40;

    public U32Be VersionClassFlow;
    public U16Be PayloadLength;
    public IpProtocol NextHeader;
    public byte HopLimit;
    public Ip6Address Source;
    public Ip6Address Destination;

    public readonly int Version => (int)(VersionClassFlow >> 28);

    public readonly byte TrafficClass => (byte)(VersionClassFlow >> 20);

    public readonly uint FlowLabel => VersionClassFlow & 0xF_FFFF;
}
