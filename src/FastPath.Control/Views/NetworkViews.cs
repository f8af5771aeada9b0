using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using FastPath.Api;
using FastPath.Control.Switch;
using FastPath.Dataplane.Tables;

namespace FastPath.Control.Views;

/// <summary>Bridges and tunnel end points as the API shows them.</summary>
internal static class NetworkViews
{
    public static IReadOnlyList<BridgeView> Bridges(VirtualSwitch s, ConfigDocument config)
    {
        // The document is read beside the switch: a change may be under way that has a bridge in one of them only.
        Dictionary<int, int> addresses = CountAddresses(s.Core.State.Fdb);
        List<BridgeView> views = [];
        foreach ((string name, BridgeConfig bridge) in config.Bridges.OrderBy(pair => pair.Key, System.StringComparer.Ordinal))
        {
            List<string> ports = [.. s.Config.Ports.Values.Where(port => port.Bridge == name).Select(port => port.Name)];
            ports.Sort(System.StringComparer.Ordinal);
            views.Add(new BridgeView(name, bridge, ports, addresses.GetValueOrDefault(s.BridgeNumbers.Of(name)),
                s.Config.Bridges.GetValueOrDefault(name)?.Gateway?.Mac.ToString() ?? "", s.Built.GatewayMtus.GetValueOrDefault(name)));
        }

        return views;
    }

    public static IReadOnlyList<VtepView> Vteps(VirtualSwitch s, ConfigDocument config)
    {
        List<VtepView> views = [];
        foreach ((string name, VtepConfig vtep) in config.Vteps.OrderBy(pair => pair.Key, System.StringComparer.Ordinal))
            views.Add(new VtepView(name, vtep,
                [.. s.Built.Tunnels.Where(tunnel => tunnel.Vtep == name).Select(tunnel => ViewOf(s, tunnel))]));
        return views;
    }

    private static TunnelView ViewOf(VirtualSwitch s, BuiltTunnel tunnel) => new(
        tunnel.Bridge, (int)tunnel.Vni, tunnel.Remote.ToString(), tunnel.InnerMtu, Explain(s, tunnel), StateOf(s, tunnel));

    private static string Explain(VirtualSwitch s, BuiltTunnel tunnel) => tunnel.UnderlayPort == 0
        ? $"no route to {tunnel.Remote} by an uplink or routed port"
        : string.Create(CultureInfo.InvariantCulture,
            $"{tunnel.UnderlayMtu} of {Keys.NameOf(s.Numbers.NameOf(tunnel.UnderlayPort)!)} - 20 IPv4 - 8 UDP - 8 VXLAN - 14 Ethernet = {tunnel.InnerMtu}");

    private static string StateOf(VirtualSwitch s, BuiltTunnel tunnel)
    {
        if (tunnel.UnderlayPort == 0)
            return "unreachable";
        NeighborKey nextHop = NeighborKey.Of(tunnel.UnderlayPort, tunnel.NextHop);
        return s.Core.State.Neighbors.TryLookup(nextHop, out _) ? "up" : "unresolved";
    }

    private static Dictionary<int, int> CountAddresses(FdbTable fdb)
    {
        Dictionary<int, int> counts = [];
        for (int n = 0; n < fdb.Capacity; n++)
            if (fdb.TryRead(n, out FdbRecord record))
                counts[record.Bridge] = counts.GetValueOrDefault(record.Bridge) + 1;
        return counts;
    }
}
