using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>First eight bytes of ICMPv4 (RFC 792) and ICMPv6 (RFC 4443) messages.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct IcmpHeader
{
    public const int Size = 8;
    public const int ChecksumOffset = 2;

    public byte Type;
    public byte Code;
    public U16Be Checksum;

    /// <summary>Identifier and sequence of an echo, MTU of a too-big message, else unused.</summary>
    public U32Be Rest;
}

/// <summary>ICMPv4 types and codes that FastPath speaks (RFC 792, RFC 1191, RFC 1812).</summary>
public static class Icmp4
{
    public const byte EchoReply = 0;
    public const byte DestinationUnreachable = 3;
    public const byte EchoRequest = 8;
    public const byte TimeExceeded = 11;
    public const byte ParameterProblem = 12;

    public const byte NetUnreachable = 0;
    public const byte HostUnreachable = 1;
    public const byte ProtocolUnreachable = 2;
    public const byte PortUnreachable = 3;
    public const byte FragmentationNeeded = 4;
    public const byte AdministrativelyProhibited = 13;

    /// <summary>
    /// Whether a message of this type is an error, about which no error may be sent (RFC 1122 3.2.2).
    /// </summary>
    public static bool IsError(byte type) =>
        type is DestinationUnreachable or 4 or 5 or TimeExceeded or ParameterProblem;
}

/// <summary>ICMPv6 types and codes that FastPath speaks (RFC 4443, RFC 4861).</summary>
public static class Icmp6
{
    public const byte DestinationUnreachable = 1;
    public const byte PacketTooBig = 2;
    public const byte TimeExceeded = 3;
    public const byte ParameterProblem = 4;
    public const byte EchoRequest = 128;
    public const byte EchoReply = 129;
    public const byte RouterSolicitation = 133;
    public const byte RouterAdvertisement = 134;
    public const byte NeighborSolicitation = 135;
    public const byte NeighborAdvertisement = 136;
    public const byte Redirect = 137;

    public const byte NoRoute = 0;
    public const byte AdministrativelyProhibited = 1;
    public const byte AddressUnreachable = 3;
    public const byte PortUnreachable = 4;

    /// <summary>
    /// Whether no error may be sent about a message of this type: errors, which are below 128, and redirects (RFC 4443
    /// 2.1 and 2.4 e).
    /// </summary>
    public static bool IsError(byte type) => type is < 128 or Redirect;
}
