using System;
using System.Collections.Generic;
using FastPath.Control.Config;

namespace FastPath.Control.Switch;

/// <summary>The MTU that a device gets when FastPath makes it: the smallest on the ways of its network.</summary>
internal static class PathMtu
{
    private const int Ethernet = 1500;

    /// <summary>
    /// What is configured; else 1,500, or in a bridge with tunnels the smallest underlay's MTU less 50 when that is less.
    /// </summary>
    public static int Of(DataplaneConfig config, PortSettings port, IReadOnlyDictionary<string, OpenPort> open)
    {
        if (port.Mtu is int configured)
            return configured;
        if (port.Bridge == null || config.Bridges[port.Bridge] is not { Vtep: string vtep } bridge || bridge.Remotes.Count == 0)
            return Ethernet;
        int underlay = UnderlayMtu(config, config.Vteps[vtep], open);
        return Math.Min(Ethernet, underlay - BuiltTunnel.OverheadBytes);
    }

    /// <summary>MTU of the uplink or port that has the tunnel end point's address; 1,500 while it is not open.</summary>
    private static int UnderlayMtu(DataplaneConfig config, VtepSettings vtep, IReadOnlyDictionary<string, OpenPort> open)
    {
        foreach (UplinkSettings uplink in config.Uplinks.Values)
            if (open.TryGetValue(Keys.Uplink(uplink.Name), out OpenPort? port))
                foreach (Net.InterfaceAddress address in uplink.Addresses.Count != 0 ? uplink.Addresses : port.Facts.KernelAddresses)
                    if (address.Address.IsV4 && address.Address.V4 == vtep.Address)
                        return port.Facts.Mtu;
        foreach (PortSettings routed in config.Ports.Values)
            foreach (Net.InterfaceAddress address in routed.Addresses)
                if (address.Address.IsV4 && address.Address.V4 == vtep.Address)
                    return open.TryGetValue(Keys.Port(routed.Name), out OpenPort? port) ? port.Facts.Mtu : Ethernet;
        return Ethernet;
    }
}
