using System.Globalization;
using FastPath.Dataplane;

namespace FastPath.Control.Config;

/// <summary>Numbers of objects that tables of the data plane, or of an uplink's program, have room for.</summary>
internal static class LimitRules
{
    /// <summary>Ports, uplinks, tunnels, gateways and the punt port: they share one table, whose first entry is none.</summary>
    public const int NumberedMax = Limits.PortsMax - 1;

    /// <summary>Of each kind on one uplink: entries of the program's maps (CLAIMS_MAX).</summary>
    public const int ClaimsMax = 4096;

    public static void Check(DataplaneConfig config, ConfigErrors errors)
    {
        int gateways = 0, tunnels = 0;
        string mostTunnels = "";
        foreach (BridgeSettings bridge in config.Bridges.Values)
        {
            gateways += bridge.Gateway != null ? 1 : 0;
            tunnels += bridge.Remotes.Count;
            if (mostTunnels.Length == 0 || bridge.Remotes.Count > config.Bridges[mostTunnels].Remotes.Count)
                mostTunnels = bridge.Name;
        }

        int ports = config.Ports.Count + config.Uplinks.Count + (config.Punt == null ? 0 : 1);
        if (ports + gateways + tunnels > NumberedMax)
            Largest(ports, gateways, tunnels, mostTunnels, errors).Add(string.Create(CultureInfo.InvariantCulture,
                $"{ports} ports and uplinks, {gateways} gateways and {tunnels} tunnels (remotes of bridges): at most {NumberedMax} in all"));
        AtMost(errors.At("bridges"), config.Bridges.Count, NumberedMax, "bridges");
        AtMost(errors.At("vteps"), config.Vteps.Count, ClaimsMax, "vteps");
        foreach (UplinkSettings uplink in config.Uplinks.Values)
        {
            Field at = errors.At("uplinks").Item(uplink.Name);
            AtMost(at.Item("macs"), uplink.Macs.Count, ClaimsMax, "macs");
            AtMost(at.Item("prefixes"), uplink.Prefixes.Count, ClaimsMax, "prefixes");
        }
    }

    /// <summary>The field that has the most of what is too much.</summary>
    private static Field Largest(int ports, int gateways, int tunnels, string mostTunnels, ConfigErrors errors)
    {
        if (ports >= gateways && ports >= tunnels)
            return errors.At("ports");
        return tunnels > gateways ? errors.At("bridges").Item(mostTunnels).Item("remotes") : errors.At("bridges");
    }

    private static void AtMost(Field at, int count, int most, string what)
    {
        if (count > most)
            at.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {what}: at most {most} are possible"));
    }
}
