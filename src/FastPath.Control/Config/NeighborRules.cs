using System.Collections.Generic;
using FastPath.Api;
using FastPath.Net;

namespace FastPath.Control.Config;

/// <summary>Rules of /neighbors.</summary>
internal static class NeighborRules
{
    public static IReadOnlyList<NeighborSettings> Check(
        IReadOnlyList<NeighborConfig> neighbors, Interfaces interfaces, ConfigErrors errors)
    {
        List<NeighborSettings> settings = [];
        HashSet<(string, IpAddress)> seen = [];
        for (int n = 0; n < neighbors.Count; n++)
        {
            Field at = errors.At("neighbors").Item(n);
            MacAddress? mac = at.Item("mac").Station(neighbors[n].Mac);
            IpAddress? address = at.Item("address").Host(neighbors[n].Address);
            Interfaces.Interface? on = FindInterface(neighbors[n].Interface, interfaces, at.Item("interface"));
            if (mac == null || address == null || on == null)
                continue;
            bool isLinkLocal = !address.Value.IsV4 && address.Value.V6.IsLinkLocal;
            if (!isLinkLocal && interfaces.Connected(address.Value, on.Name) == null)
                at.Item("address").Add($"{address} is in no network of {on.Name}");
            if (interfaces.IsOwn(address.Value))
                at.Item("address").Add($"{address} is an address of FastPath itself");
            if (!seen.Add((on.Name, address.Value)))
                at.Add($"{address} on {on.Name} is there already");
            settings.Add(new NeighborSettings(on.Name, address.Value, mac.Value));
        }

        return settings;
    }

    private static Interfaces.Interface? FindInterface(string name, Interfaces interfaces, Field at)
    {
        Interfaces.Interface? found = interfaces.Find(name);
        if (found == null)
            at.Add($"\"{name}\" is no routed port or bridge with a gateway{Nearest.Suggest(name, interfaces.Names())}");
        else if (found.IsUplink)
        {
            at.Add($"{name} is an uplink: its neighbors are the kernel's (ip neighbor)");
            return null;
        }

        return found;
    }
}
