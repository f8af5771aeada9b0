using System.Collections.Generic;
using FastPath.Api;
using FastPath.Net;

namespace FastPath.Control.Config;

/// <summary>Rules of /fdb.</summary>
internal static class FdbRules
{
    public static IReadOnlyList<FdbSettings> Check(IReadOnlyList<FdbConfig> entries, DataplaneConfig config, ConfigErrors errors)
    {
        List<FdbSettings> settings = [];
        HashSet<(string, MacAddress)> seen = [];
        for (int n = 0; n < entries.Count; n++)
        {
            Field at = errors.At("fdb").Item(n);
            FdbConfig entry = entries[n];
            MacAddress? mac = at.Item("mac").Station(entry.Mac);
            if (!config.Bridges.TryGetValue(entry.Bridge, out BridgeSettings? bridge))
            {
                at.Item("bridge").Add($"there is no bridge \"{entry.Bridge}\"{Nearest.Suggest(entry.Bridge, config.Bridges.Keys)}");
                continue;
            }

            Ip4Address remote = CheckTarget(entry, bridge, config, at);
            if (mac == null)
                continue;
            if (bridge.Gateway?.Mac == mac)
                at.Item("mac").Add($"{mac} is the address of this bridge's gateway");
            if (!seen.Add((bridge.Name, mac.Value)))
                at.Item("mac").Add($"{mac} is there already for bridge {bridge.Name}");
            settings.Add(new FdbSettings(bridge.Name, mac.Value, entry.Port, remote));
        }

        return settings;
    }

    private static Ip4Address CheckTarget(FdbConfig entry, BridgeSettings bridge, DataplaneConfig config, Field at)
    {
        if (entry.Port != null == (entry.Remote != null))
        {
            at.Add("exactly one of port and remote must be given");
            return default;
        }

        if (entry.Port is string port)
        {
            if (!config.Ports.TryGetValue(port, out PortSettings? found))
                at.Item("port").Add($"there is no port \"{port}\"{Nearest.Suggest(port, config.Ports.Keys)}");
            else if (found.Bridge != bridge.Name)
                at.Item("port").Add($"port {port} is not in bridge {bridge.Name}");
            return default;
        }

        Ip4Address remote = at.Item("remote").Host4(entry.Remote!);
        bool isKnown = false;
        foreach (Ip4Address one in bridge.Remotes)
            isKnown |= one == remote;
        if (!remote.IsUnspecified && !isKnown)
            at.Item("remote").Add($"{remote} is no remote of bridge {bridge.Name}: add it to /bridges/{bridge.Name}/remotes");
        return remote;
    }
}
