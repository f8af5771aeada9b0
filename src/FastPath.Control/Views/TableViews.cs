using System.Collections.Generic;
using FastPath.Api;
using FastPath.Control.Switch;
using FastPath.Dataplane.Tables;
using FastPath.Net;

namespace FastPath.Control.Views;

/// <summary>The forwarding database, routes and neighbors as the API shows them.</summary>
internal static class TableViews
{
    public static IReadOnlyList<FdbView> Fdb(VirtualSwitch s)
    {
        FdbTable fdb = s.Core.State.Fdb;
        uint now = SecondOf(s);
        List<FdbView> views = [];
        for (int n = 0; n < fdb.Capacity; n++)
            if (fdb.TryRead(n, out FdbRecord record) && s.BridgeNumbers.NameOf(record.Bridge) is string bridge)
                views.Add(new FdbView(bridge, MacAddress.FromValue(record.Mac).ToString(), TargetOf(s, record.Port),
                    record.IsStatic, record.IsStatic ? null : Age(now, record.SeenSecond)));
        views.Sort((a, b) => string.CompareOrdinal($"{a.Bridge} {a.Mac}", $"{b.Bridge} {b.Mac}"));
        return views;
    }

    public static IReadOnlyList<RouteView> Routes(VirtualSwitch s)
    {
        List<RouteRecord> sorted = [.. s.Built.Routes];
        sorted.Sort((a, b) => Compare(a.Prefix, b.Prefix));
        List<RouteView> views = [];
        foreach (RouteRecord route in sorted)
            views.Add(new RouteView(route.Prefix.ToString(), TypeOf(route.Adjacency.Kind), ViaOf(route), route.Interface, route.Source));
        return views;
    }

    public static IReadOnlyList<NeighborView> Neighbors(VirtualSwitch s)
    {
        NeighborTable neighbors = s.Core.State.Neighbors;
        uint now = SecondOf(s);
        List<NeighborView> views = [];
        for (int n = 0; n < neighbors.Capacity; n++)
        {
            if (!neighbors.TryRead(n, out NeighborRecord record) || s.Numbers.NameOf(record.Key.Port) is not string key)
                continue;
            bool isStatic = record.State == NeighborState.Static;
            bool isKernel = s.Built.Tables.Ports[record.Key.Port].KernelNeighbors;
            views.Add(new NeighborView(Keys.NameOf(key), record.Key.Address.ToString(), record.Mac.ToString(),
                isKernel ? "kernel" : isStatic ? "static" : "reachable", isStatic ? null : Age(now, record.ConfirmedSecond)));
        }

        views.Sort((a, b) => string.CompareOrdinal($"{a.Interface} {a.Address}", $"{b.Interface} {b.Address}"));
        return views;
    }

    private static string TargetOf(VirtualSwitch s, int port)
    {
        PortEntry[] ports = s.Built.Tables.Ports;
        return port < ports.Length ? ports[port].Kind switch
        {
            PortKind.Tunnel => $"vxlan {s.Built.Tables.Tunnels[ports[port].Tunnel].Remote}",
            PortKind.BridgeInterface => "gateway",
            PortKind.Device => Keys.NameOf(s.Numbers.NameOf(port) ?? ""),
            _ => "",
        } : "";
    }

    private static string TypeOf(AdjacencyKind kind) => kind switch
    {
        AdjacencyKind.Local => "local",
        AdjacencyKind.Blackhole => "blackhole",
        AdjacencyKind.Unreachable => "unreachable",
        AdjacencyKind.Prohibit => "prohibit",
        _ => "unicast",
    };

    private static string ViaOf(RouteRecord route)
    {
        if (route.Adjacency.Kind != AdjacencyKind.NextHop)
            return "";
        return route.Prefix.IsV4 ? route.Adjacency.NextHop4.ToString() : route.Adjacency.NextHop6.ToString();
    }

    /// <summary>IPv4 before IPv6, then by address, then by length.</summary>
    private static int Compare(IpPrefix a, IpPrefix b)
    {
        if (a.IsV4 != b.IsV4)
            return a.IsV4 ? -1 : 1;
        int address = a.IsV4 ? a.Address.V4.CompareTo(b.Address.V4) : a.Address.V6.CompareTo(b.Address.V6);
        return address != 0 ? address : a.Length.CompareTo(b.Length);
    }

    private static uint SecondOf(VirtualSwitch s) => (uint)(s.Core.State.Clock.Now().Nanoseconds / 1_000_000_000);

    private static uint Age(uint now, uint then) => now > then ? now - then : 0;
}
