using System.Collections.Generic;
using System.Globalization;
using FastPath.Api;
using FastPath.Net;

namespace FastPath.Control.Config;

/// <summary>Rules of /vteps.</summary>
internal static class VtepRules
{
    public static VtepSettings Check(string name, VtepConfig config, Field at)
    {
        at.Item("port").InRange(config.Port, 1, 65_535);
        at.Item("ttl").InRange(config.Ttl, 1, 255);
        (int first, int count) = SourcePorts(config.SourcePorts, at.Item("sourcePorts"));
        return new VtepSettings(name, at.Item("address").Host4(config.Address))
        {
            Port = (ushort)config.Port,
            FirstSourcePort = (ushort)first,
            SourcePortMask = (ushort)(count - 1),
            TimeToLive = (byte)config.Ttl,
        };
    }

    public static void CheckReferences(DataplaneConfig config, Interfaces interfaces, ConfigErrors errors)
    {
        Dictionary<(Ip4Address, ushort), string> taken = [];
        foreach (VtepSettings vtep in config.Vteps.Values)
        {
            Field at = errors.At("vteps").Item(vtep.Name);
            if (!taken.TryAdd((vtep.Address, vtep.Port), vtep.Name))
                at.Add($"vtep {taken[(vtep.Address, vtep.Port)]} has {vtep.Address} port {vtep.Port} already");
            if (!vtep.Address.IsUnspecified && !interfaces.CanBeUnderlay(new IpAddress(vtep.Address)))
                at.Item("address").Add($"no uplink and no routed port has {vtep.Address}");
        }
    }

    private static (int First, int Count) SourcePorts(string text, Field at)
    {
        string[] parts = text.Split('-');
        bool isRange = parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int last)
            && first >= 1 && last <= 65_535 && first <= last;
        if (!isRange)
        {
            at.Add($"\"{text}\" is not a range of ports: write first-last, such as 49152-65535");
            return (49152, 16_384);
        }

        int from = int.Parse(parts[0], CultureInfo.InvariantCulture);
        int count = int.Parse(parts[1], CultureInfo.InvariantCulture) - from + 1;
        if (!int.IsPow2(count))
            at.Add($"\"{text}\" is {count} ports: their number must be a power of two, such as 49152-65535 ({16_384})");
        return (from, count);
    }
}
