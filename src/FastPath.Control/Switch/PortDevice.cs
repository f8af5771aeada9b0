using System.Collections.Generic;
using FastPath.Control.Config;

namespace FastPath.Control.Switch;

/// <summary>What the device of a port depends on: when it changes, the port is opened anew.</summary>
/// <param name="Place">Where it is: only one port can be there at a time.</param>
/// <param name="Making">How it is made when FastPath makes it: other text, another device.</param>
/// <param name="Settings">What can be set on the device while it stays.</param>
internal sealed record PortDevice(string Place, string Making, string Settings)
{
    /// <summary>Devices by key of their port, uplinks first.</summary>
    public static Dictionary<string, PortDevice> All(DataplaneConfig config)
    {
        Dictionary<string, PortDevice> devices = [];
        foreach (UplinkSettings uplink in config.Uplinks.Values)
            devices[Keys.Uplink(uplink.Name)] = new PortDevice(At(uplink.Device), "", $"{uplink.Queues}");
        foreach (PortSettings port in config.Ports.Values)
            devices[Keys.Port(port.Name)] = Of(port);
        if (config.Punt is { } punt)
            devices[Keys.Punt] = new PortDevice(At(punt.Interface), $"{Text(punt.HostAddresses)}, {Text(punt.Addresses)}", "");
        return devices;
    }

    public bool IsSameDevice(PortDevice other) => Place == other.Place && Making == other.Making;

    /// <summary>An MTU is given to a device only when FastPath makes it.</summary>
    private static PortDevice Of(PortSettings port) => port.Container is not { } end
        ? new PortDevice(At(port.Device!), "", $"{port.DeviceChecksums}")
        : new PortDevice($"{end.Interface} in {end.Path}", $"{end.Mac} {Text(end.Addresses)} {Text(end.Gateways)}",
            $"{port.DeviceChecksums} {port.Mtu}");

    private static string At(string device) => "device " + device;

    private static string Text<T>(IEnumerable<T> values) => string.Join(' ', values);
}
