using System;
using System.Net;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp.Netlink;

/// <summary>A route of the kernel with one next hop. Routes with several show none (<see cref="IfIndex"/> 0).</summary>
/// <param name="Destination">Network; 0.0.0.0 or :: with length 0 is the default route.</param>
/// <param name="PrefixLength">Bits of the network.</param>
/// <param name="Gateway">Next hop; null when the destination is on the link.</param>
/// <param name="IfIndex">Device; 0 when the route names none.</param>
/// <param name="Table">Routing table; 254 is main.</param>
/// <param name="Metric">Lower wins.</param>
/// <param name="RouteType">RTN_*: 1 is unicast, 2 local, 3 broadcast, 7 unreachable.</param>
public sealed record KernelRoute(
    IPAddress Destination,
    int PrefixLength,
    IPAddress? Gateway,
    int IfIndex,
    uint Table,
    uint Metric,
    int RouteType)
{
    /// <summary>
    /// RTPROT_STATIC: somebody configured it. Routes of DHCP, of routers' advertisements and by "ip route" are not.
    /// </summary>
    public bool IsStatic { get; init; }

    public override string ToString() => $"{Destination}/{PrefixLength}";

    internal static KernelRoute? Parse(ReadOnlySpan<byte> payload)
    {
        AttributeReader attributes = AttributeReader.Behind(payload, out RtMsg header);
        IPAddress? any = header.Family switch
        {
            NetlinkAbi.AF_INET => IPAddress.Any,
            NetlinkAbi.AF_INET6 => IPAddress.IPv6Any,
            _ => null,
        };
        if (any == null)
            return null; // MPLS and multicast routing share the message
        int prefixLength = Prefixes.Received(header.Family, header.DestinationLength);
        KernelRoute route = new(any, prefixLength, null, 0, header.Table, 0, header.RouteType)
        {
            IsStatic = header.Protocol == NetlinkAbi.RTPROT_STATIC,
        };
        while (attributes.MoveNext())
            route = route.With(attributes, header.Family);
        return route;
    }

    private KernelRoute With(in AttributeReader attribute, byte family) => attribute.Type switch
    {
        NetlinkAbi.RTA_DST => this with { Destination = attribute.Address(family) },
        NetlinkAbi.RTA_GATEWAY => this with { Gateway = attribute.Address(family) },
        NetlinkAbi.RTA_OIF => this with { IfIndex = attribute.Int32() },
        NetlinkAbi.RTA_TABLE => this with { Table = attribute.UInt32() },
        NetlinkAbi.RTA_PRIORITY => this with { Metric = attribute.UInt32() },
        _ => this,
    };
}
