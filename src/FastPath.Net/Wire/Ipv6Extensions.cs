using System;

namespace FastPath.Net;

/// <summary>How the walk over IPv6 extension headers ended.</summary>
public enum Ipv6WalkStatus : byte
{
    Ok,

    /// <summary>A header leaves the packet.</summary>
    Truncated,

    /// <summary>More than <see cref="Ipv6Extensions.HeadersMax"/> headers.</summary>
    TooMany,

    /// <summary>Hop-by-hop options anywhere but first (RFC 8200 section 4.1).</summary>
    BadOrder,
}

/// <summary>What stands behind the extension headers.</summary>
/// <param name="Status">Whether the rest means anything.</param>
/// <param name="Protocol">First header that is no extension; of a later fragment, the fragmented protocol.</param>
/// <param name="Offset">Bytes from the IPv6 header to that header.</param>
/// <param name="IsFragment">Whether a fragment header was there with an offset or more fragments.</param>
/// <param name="FragmentOffset">Bytes of the datagram before this fragment.</param>
/// <param name="FragmentHeader">Bytes from the IPv6 header to the fragment header; 0 when there is none.</param>
public readonly record struct Ipv6Walk(
    Ipv6WalkStatus Status, IpProtocol Protocol, int Offset, bool IsFragment, int FragmentOffset, int FragmentHeader)
{
    /// <summary>Whether the transport header is in this packet.</summary>
    public bool HasTransportHeader => Status == Ipv6WalkStatus.Ok && FragmentOffset == 0;
}

/// <summary>
/// Walks the extension headers of an IPv6 packet (RFC 8200 section 4). Never reads outside the packet.
/// </summary>
public static class Ipv6Extensions
{
    /// <summary>Headers walked at most: one of each kind and a spare; the rest is an attack.</summary>
    public const int HeadersMax = 8;

    /// <param name="packet">The packet from its IPv6 header on; at least 40 bytes.</param>
    public static Ipv6Walk Walk(ReadOnlySpan<byte> packet)
    {
        IpProtocol next = (IpProtocol)packet[6];
        int at = Ipv6Header.Size;
        bool isFragment = false;
        int fragmentOffset = 0;
        int fragmentHeader = 0;
        for (int count = 0; ; count++)
        {
            if (!IsExtension(next) || (isFragment && fragmentOffset != 0))
                return new Ipv6Walk(Ipv6WalkStatus.Ok, next, at, isFragment, fragmentOffset, fragmentHeader);
            if (next == IpProtocol.HopByHop && count != 0)
                return Failed(Ipv6WalkStatus.BadOrder, at);
            if (count == HeadersMax)
                return Failed(Ipv6WalkStatus.TooMany, at);
            if (packet.Length < at + 8)
                return Failed(Ipv6WalkStatus.Truncated, at);

            if (next == IpProtocol.Fragment)
            {
                int field = (packet[at + 2] << 8) | packet[at + 3];
                fragmentOffset = field & 0xFFF8;
                isFragment = (field & 0xFFF9) != 0;
                fragmentHeader = at;
            }

            int length = LengthOf(next, packet[at + 1]);
            next = (IpProtocol)packet[at];
            at += length;
            if (packet.Length < at)
                return Failed(Ipv6WalkStatus.Truncated, at);
        }
    }

    /// <summary>Whether FastPath walks over this header: ESP hides what follows, so it counts as transport.</summary>
    public static bool IsExtension(IpProtocol protocol) => protocol is IpProtocol.HopByHop or IpProtocol.Routing
        or IpProtocol.Fragment or IpProtocol.DestinationOptions or IpProtocol.Ah or IpProtocol.Mobility;

    private static int LengthOf(IpProtocol header, byte units) => header switch
    {
        IpProtocol.Fragment => 8,
        IpProtocol.Ah => (units + 2) * 4, // RFC 4302 section 2.2
        _ => (units + 1) * 8,
    };

    private static Ipv6Walk Failed(Ipv6WalkStatus status, int at) => new(status, IpProtocol.NoNext, at, false, 0, 0);
}
