using System.Collections.Generic;
using System.Net;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp.Netlink;

/// <summary>Routes of one namespace, main table.</summary>
[Control]
public sealed class KernelRoutes
{
    private readonly NetlinkSocket _socket;

    internal KernelRoutes(NetlinkSocket socket) => _socket = socket;

    /// <summary>All routes of all tables, IPv4 and IPv6.</summary>
    public IReadOnlyList<KernelRoute> List() =>
        _socket.Dump(
            static () => new NetlinkWriter(NetlinkAbi.RTM_GETROUTE, NetlinkAbi.NLM_F_REQUEST | NetlinkAbi.NLM_F_DUMP)
                .Struct(new RtMsg()),
            "listing routes", NetlinkAbi.RTM_NEWROUTE, KernelRoute.Parse);

    /// <summary>Adds a route, or replaces the one to the same network.</summary>
    /// <param name="destination">Network; host bits must be zero.</param>
    /// <param name="prefixLength">Bits of the network; 0 is the default route.</param>
    /// <param name="gateway">Next hop of the same family; null when the network is on the link.</param>
    /// <param name="ifIndex">Device; 0 lets the kernel find the gateway's.</param>
    public void Add(IPAddress destination, int prefixLength, IPAddress? gateway, int ifIndex = 0)
    {
        RtMsg header = Header(destination, prefixLength);
        header.Protocol = NetlinkAbi.RTPROT_STATIC;
        header.RouteType = NetlinkAbi.RTN_UNICAST;
        header.Scope = gateway == null ? NetlinkAbi.RT_SCOPE_LINK : NetlinkAbi.RT_SCOPE_UNIVERSE;
        const ushort Flags = NetlinkAbi.NLM_F_CREATE | NetlinkAbi.NLM_F_REPLACE;
        _socket.Change(Request(NetlinkAbi.RTM_NEWROUTE, Flags, header, destination, gateway, ifIndex),
            $"adding route {Text(destination, prefixLength, gateway)}", ifIndex);
    }

    /// <summary>Removes the route; the arguments are those of <see cref="Add"/>.</summary>
    public void Remove(IPAddress destination, int prefixLength, IPAddress? gateway = null, int ifIndex = 0)
    {
        RtMsg header = Header(destination, prefixLength);
        header.RouteType = NetlinkAbi.RTN_UNSPEC;
        header.Scope = NetlinkAbi.RT_SCOPE_NOWHERE; // any scope
        _socket.Change(Request(NetlinkAbi.RTM_DELROUTE, 0, header, destination, gateway, ifIndex),
            $"removing route {Text(destination, prefixLength, gateway)}", ifIndex);
    }

    private static RtMsg Header(IPAddress destination, int prefixLength) => new()
    {
        Family = destination.AddressFamily.ToKernel(),
        DestinationLength = Prefixes.Check(destination, prefixLength),
        Table = NetlinkAbi.RT_TABLE_MAIN,
    };

    private static NetlinkWriter Request(
        ushort type, ushort flags, in RtMsg header, IPAddress destination, IPAddress? gateway, int ifIndex)
    {
        NetlinkWriter request = new NetlinkWriter(
            type, (ushort)(NetlinkAbi.NLM_F_REQUEST | NetlinkAbi.NLM_F_ACK | flags)).Struct(header);
        if (header.DestinationLength != 0)
            request.Address(NetlinkAbi.RTA_DST, destination);
        if (gateway != null)
            request.Address(NetlinkAbi.RTA_GATEWAY, gateway);
        if (ifIndex != 0)
            request.Int32(NetlinkAbi.RTA_OIF, ifIndex);
        return request;
    }

    private static string Text(IPAddress destination, int prefixLength, IPAddress? gateway) =>
        gateway == null ? $"{destination}/{prefixLength}" : $"{destination}/{prefixLength} via {gateway}";
}
