using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>UDP header (RFC 768).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct UdpHeader
{
    public const int Size = 8;
    public const int ChecksumOffset = 6;

    public U16Be SourcePort;
    public U16Be DestinationPort;
    public U16Be Length;
    public U16Be Checksum;
}
