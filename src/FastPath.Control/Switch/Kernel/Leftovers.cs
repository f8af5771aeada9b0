using System;
using System.Collections.Generic;
using FastPath.Control.Config;
using FastPath.Xdp;
using FastPath.Xdp.Netlink;

namespace FastPath.Control.Switch.Kernel;

/// <summary>
/// What earlier runs left of ports that the configuration does not have any more: veths, containers' interfaces and pins. A
/// port's pins in this daemon's own directory are the proof that its veth is ours; one without them is only reported.
/// </summary>
internal sealed class Leftovers(Rtnetlink kernel, KernelOptions options, ContainerVeths veths, EventLog events)
{
    /// <summary>
    /// Removes what no port needs. A configuration without ports decides nothing about those of earlier runs: it may be
    /// filled by REST later, and containers would lose their interfaces at each start. What another object needs goes,
    /// so that this can be opened.
    /// </summary>
    public void Remove(DataplaneConfig config)
    {
        HashSet<string> wanted = DevicesOf(config);
        if (options.PinDirectory is string directory)
            foreach (string name in BpfDirectory.PortsIn(directory))
                if (name != Keys.Punt || config.Punt == null)
                    TryRemove(config, name, BpfDirectory.ForPort(directory, name), wanted);
        foreach (KernelLink link in kernel.Links.List())
            if (LooksLikeOurs(link) && !wanted.Contains(link.Name))
                events.Add(link.Name, $"looks like a port's of an earlier run, but no port's pins say so: left as it is; "
                    + $"where no other daemon has it, \"ip link del {link.Name}\" removes it");
    }

    /// <summary>What cannot be removed is said, and keeps neither the others nor the report.</summary>
    private void TryRemove(DataplaneConfig config, string name, string pins, HashSet<string> wanted)
    {
        try
        {
            Remove(config, name, pins, wanted);
        }
        catch (Exception e) when (Refusal.Is(e))
        {
            events.Add(KeyOf(name), $"removing what an earlier run left: {e.Message}");
        }
    }

    /// <summary>The veth first: without its program, what the container sends would reach the host's own network.</summary>
    private void Remove(DataplaneConfig config, string name, string pins, HashSet<string> wanted)
    {
        KernelLink? veth = VethOf(name, pins);
        if (veth == null ? config.Ports.ContainsKey(name) : wanted.Contains(veth.Name))
            return;
        string key = KeyOf(name);
        string what = veth == null ? "pins" : $"{veth.Name}, its other end, and pins";
        if (config.Ports.Count == 0 && name != Keys.Punt && !IsTaken(pins, wanted))
        {
            if (veth != null)
                wanted.Add(veth.Name); // said once
            events.Add(key, $"of an earlier run: {what}; kept, because the configuration has no ports at all");
            return;
        }

        if (veth != null)
            ContainerVeth.Delete(kernel, veth.Name);
        XdpProgram.RemovePins(pins);
        events.Add(key, $"removed what an earlier run left: {what}");
    }

    private static string KeyOf(string name) => name == Keys.Punt ? name : Keys.Port(name);

    /// <summary>Whether pins hold their program on a device that the configuration gives to another object.</summary>
    private bool IsTaken(string pins, HashSet<string> wanted) =>
        XdpProgram.DeviceOf(pins) is int ifIndex
        && kernel.Links.Find(ifIndex) is { } link
        && wanted.Contains(link.Name);

    /// <summary>The veth that FastPath made for the port, when its pinned program is on that and no other device.</summary>
    private KernelLink? VethOf(string name, string pins)
    {
        KernelLink? link = kernel.Links.Find(veths.NameOf(name));
        return link is { Kind: "veth" } && (XdpProgram.DeviceOf(pins) ?? link.Index) == link.Index ? link : null;
    }

    /// <summary>The other end of a container's veth is in another namespace; those of anchors and punt links are here.</summary>
    private bool LooksLikeOurs(KernelLink link) =>
        link is { Kind: "veth", PeerNamespaceId: not null } && link.Name.StartsWith(options.Name + "-", StringComparison.Ordinal);

    /// <summary>Devices that the configuration uses or makes.</summary>
    private HashSet<string> DevicesOf(DataplaneConfig config)
    {
        HashSet<string> devices = config.Punt == null ? [] : [veths.NameOf(Keys.Punt)];
        foreach (PortSettings port in config.Ports.Values)
            devices.Add(port.Device ?? veths.NameOf(port.Name));
        foreach (UplinkSettings uplink in config.Uplinks.Values)
            devices.Add(uplink.Device);
        return devices;
    }
}
