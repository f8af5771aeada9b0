using System.Collections.Generic;
using FastPath.Net;

namespace FastPath.Control.Config;

/// <summary>Interfaces with layer-3 addresses by name, to find what an address belongs to.</summary>
internal sealed class Interfaces
{
    private readonly List<Interface> _all = [];

    /// <summary>One interface: its name, where its addresses stand in the document, and the addresses.</summary>
    /// <param name="IsUplink">The kernel's: it resolves neighbors there.</param>
    /// <param name="FromKernel">Addresses are the kernel's, so they are not known here.</param>
    internal sealed record Interface(
        string Name, string Path, IReadOnlyList<InterfaceAddress> Addresses, bool IsUplink, bool IsBridge, bool FromKernel);

    public IReadOnlyList<Interface> All => _all;

    public static Interfaces Of(DataplaneConfig config)
    {
        Interfaces interfaces = new();
        foreach (PortSettings port in config.Ports.Values)
            if (port.Bridge == null)
                interfaces.Add(port.Name, $"/ports/{port.Name}/addresses", port.Addresses);
        foreach (UplinkSettings uplink in config.Uplinks.Values)
            interfaces.Add(uplink.Name, $"/uplinks/{uplink.Name}/addresses", uplink.Addresses, isUplink: true);
        foreach (BridgeSettings bridge in config.Bridges.Values)
            if (bridge.Gateway is { } gateway)
                interfaces.Add(bridge.Name, $"/bridges/{bridge.Name}/gateway/addresses", gateway.Addresses, isBridge: true);
        if (config.Punt is { } punt)
            interfaces.Add("punt", "/punt/addresses", punt.Addresses);
        return interfaces;
    }

    public Interface? Find(string name) => _all.Find(i => i.Name == name);

    /// <summary>Names that a route or neighbor may give as its interface.</summary>
    public IEnumerable<string> Names()
    {
        foreach (Interface one in _all)
            yield return one.Name;
    }

    /// <summary>The interface whose network contains an address, the longest prefix first.</summary>
    public Interface? Connected(IpAddress address, string? only = null)
    {
        Interface? best = null;
        int longest = -1;
        foreach (Interface one in _all)
            if (only == null || one.Name == only)
                foreach (InterfaceAddress own in one.Addresses)
                    if (own.PrefixLength > longest && own.Network.Contains(address))
                        (best, longest) = (one, own.PrefixLength);
        return best;
    }

    /// <summary>Whether an address is one of our own.</summary>
    public bool IsOwn(IpAddress address)
    {
        foreach (Interface one in _all)
            foreach (InterfaceAddress own in one.Addresses)
                if (own.Address == address)
                    return true;
        return false;
    }

    /// <summary>Whether tunnels can start at an address: it is an uplink's or routed port's, or may be one of the kernel's.</summary>
    public bool CanBeUnderlay(IpAddress address)
    {
        foreach (Interface one in _all)
        {
            if (one.FromKernel)
                return true;
            foreach (InterfaceAddress own in one.Addresses)
                if (own.Address == address && !one.IsBridge)
                    return true;
        }

        return false;
    }

    private void Add(
        string name, string path, IReadOnlyList<InterfaceAddress> addresses, bool isUplink = false, bool isBridge = false) =>
        _all.Add(new Interface(name, path, addresses, isUplink, isBridge, FromKernel: isUplink && addresses.Count == 0));
}
