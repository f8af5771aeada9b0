using System;
using System.Collections.Generic;
using FastPath.Api;
using FastPath.Net;

namespace FastPath.Control.Config;

/// <summary>Rules of /routes.</summary>
internal static class RouteRules
{
    private static readonly string[] s_types = ["unicast", "blackhole", "unreachable", "prohibit"];

    public static IReadOnlyList<RouteSettings> Check(IReadOnlyList<RouteConfig> routes, Interfaces interfaces, ConfigErrors errors)
    {
        List<RouteSettings> settings = [];
        HashSet<IpPrefix> seen = [];
        for (int n = 0; n < routes.Count; n++)
        {
            Field at = errors.At("routes").Item(n);
            if (Check(routes[n], interfaces, at) is not { } route)
                continue;
            if (!seen.Add(route.Prefix))
                at.Item("prefix").Add($"there is a route to {route.Prefix} already");
            settings.Add(route);
        }

        return settings;
    }

    private static RouteSettings? Check(RouteConfig route, Interfaces interfaces, Field at)
    {
        int type = Array.IndexOf(s_types, route.Type);
        if (type < 0)
            at.Item("type").Add($"\"{route.Type}\" is no type of route{Nearest.Suggest(route.Type, s_types)}");
        if (!IpPrefix.TryParse(route.Prefix, out IpPrefix prefix, out string error))
            at.Item("prefix").Add(error);
        else if (prefix.IsV4 ? prefix.Address.V4.IsMulticast : prefix.Address.V6.IsMulticast || prefix.Address.V6.IsLinkLocal)
            at.Item("prefix").Add($"{prefix} is not routed: write a unicast network");
        if (type < 0 || error.Length != 0)
            return null;
        RouteKind kind = (RouteKind)type;
        return kind == RouteKind.Unicast ? CheckUnicast(route, prefix, interfaces, at) : CheckRefusal(route, kind, prefix, at);
    }

    private static RouteSettings CheckRefusal(RouteConfig route, RouteKind kind, IpPrefix prefix, Field at)
    {
        if (route.Via != null)
            at.Item("via").Add($"a route of type {route.Type} has no next hop");
        if (route.Interface != null)
            at.Item("interface").Add($"a route of type {route.Type} has no interface");
        return new RouteSettings(prefix, kind, null, null);
    }

    private static RouteSettings? CheckUnicast(RouteConfig route, IpPrefix prefix, Interfaces interfaces, Field at)
    {
        Interfaces.Interface? by = null;
        if (route.Interface is string name && (by = interfaces.Find(name)) == null)
        {
            at.Item("interface").Add($"\"{name}\" is no routed port, uplink or bridge with a gateway{Nearest.Suggest(name, interfaces.Names())}");
            return null;
        }

        if (route.Via is string via)
            return CheckNextHop(via, prefix, by, interfaces, at.Item("via"));
        if (by != null)
            return new RouteSettings(prefix, RouteKind.Unicast, null, by.Name);
        at.Add("a route needs via or interface, or a type other than unicast");
        return null;
    }

    private static RouteSettings? CheckNextHop(
        string text, IpPrefix prefix, Interfaces.Interface? by, Interfaces interfaces, Field at)
    {
        if (at.Host(text) is not IpAddress via)
            return null;
        if (via.IsV4 != prefix.IsV4)
            at.Add($"{via} is not of the family of {prefix}");
        else if (interfaces.IsOwn(via))
            at.Add($"{via} is an address of FastPath itself");
        else if (!via.IsV4 && via.V6.IsLinkLocal && by == null)
            at.Add($"{via} is link-local: name the interface");
        else
            return Connect(via, prefix, by, interfaces, at);
        return null;
    }

    private static RouteSettings? Connect(
        IpAddress via, IpPrefix prefix, Interfaces.Interface? by, Interfaces interfaces, Field at)
    {
        bool isLinkLocal = !via.IsV4 && via.V6.IsLinkLocal;
        Interfaces.Interface? connected = by is { FromKernel: true } || isLinkLocal ? by : interfaces.Connected(via, by?.Name);
        if (connected != null)
            return new RouteSettings(prefix, RouteKind.Unicast, via, connected.Name);
        at.Add(by != null
            ? $"{via} is in no network of {by.Name}"
            : $"{via} is in no connected network: name the interface when the kernel has its address");
        return null;
    }
}
