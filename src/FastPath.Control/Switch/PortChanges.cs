using System.Collections.Generic;
using System.Linq;
using FastPath.Control.Config;

namespace FastPath.Control.Switch;

/// <summary>Ports to open and to close between two configurations, by key. What is in neither list stays as it is.</summary>
internal sealed record PortChanges(IReadOnlyList<string> Removed, IReadOnlyList<string> Reopened, IReadOnlyList<string> Added)
{
    public static PortChanges Between(DataplaneConfig from, DataplaneConfig to)
    {
        Dictionary<string, object> before = Devices(from);
        Dictionary<string, object> after = Devices(to);
        return new PortChanges(
            [.. before.Keys.Where(key => !after.ContainsKey(key))],
            [.. after.Keys.Where(key => before.TryGetValue(key, out object? old) && !old.Equals(after[key]))],
            [.. after.Keys.Where(key => !before.ContainsKey(key))]);
    }

    /// <summary>What the device of each port depends on: uplinks first, because the MTU of what is made follows theirs.</summary>
    public static Dictionary<string, object> Devices(DataplaneConfig config)
    {
        Dictionary<string, object> devices = [];
        foreach (UplinkSettings uplink in config.Uplinks.Values)
            devices[Keys.Uplink(uplink.Name)] = (uplink.Device, uplink.Queues);
        foreach (PortSettings port in config.Ports.Values)
            devices[Keys.Port(port.Name)] = (port.Device, EndOf(port.Container), port.DeviceChecksums, MadeMtu(port));
        if (config.Punt is { } punt)
            devices[Keys.Punt] = (punt.Interface, Text(punt.HostAddresses), Text(punt.Addresses));
        return devices;
    }

    private static string EndOf(ContainerSettings? end) => end == null
        ? ""
        : $"{end.Path} {end.Interface} {end.Mac} {Text(end.Addresses)} {Text(end.Gateways)}";

    /// <summary>The MTU is given to a device only when FastPath makes it.</summary>
    private static int? MadeMtu(PortSettings port) => port.Container == null ? null : port.Mtu;

    private static string Text<T>(IEnumerable<T> values) => string.Join(' ', values);
}
