using System.Collections.Generic;
using System.Net;
using FastPath.Control.Config;
using FastPath.Net;
using FastPath.Xdp;
using FastPath.Xdp.Netlink;

namespace FastPath.Control.Switch.Kernel;

/// <summary>
/// The veth between host and FastPath. The host's end has its own addresses and, as single hosts, the addresses of
/// FastPath's gateways, so that a service on the host answers at them; and routes to FastPath's networks.
/// </summary>
internal sealed class PuntPort(
    string key, int number, Queues queues, XdpProgram program, Rtnetlink kernel, int hostIndex, EventLog events)
    : DevicePort(key, number, queues, program)
{
    private readonly HashSet<IpAddress> _addresses = [];
    private readonly Dictionary<IpPrefix, IpAddress> _routes = [];

    /// <summary>Gives the host what this generation's networks need, and takes what they do not need any more.</summary>
    public override void Follow(DataplaneConfig config)
    {
        HashSet<IpAddress> addresses = [];
        Dictionary<IpPrefix, IpAddress> routes = [];
        if (config.Punt is { } punt) // else it is about to be removed, and the host needs nothing of it any more
            Collect(config, punt, addresses, routes);
        Remove(addresses, routes);
        foreach (IpAddress address in addresses)
            if (_addresses.Add(address))
                Try(() => kernel.Addresses.Add(hostIndex, KernelTables.ToKernel(address), address.IsV4 ? 32 : 128));
        foreach ((IpPrefix network, IpAddress gateway) in routes)
            if (_routes.TryAdd(network, gateway))
                Try(() => kernel.Routes.Add(Network(network), network.Length, KernelTables.ToKernel(gateway), hostIndex));
    }

    /// <summary>Removes the pair as well: with its end the host loses addresses and routes.</summary>
    public override void Delete()
    {
        try
        {
            kernel.Links.Delete(hostIndex);
        }
        catch (NetlinkException e) when (e.IsNotFound)
        {
            // Somebody has deleted it.
        }

        base.Delete();
    }

    private static void Collect(
        DataplaneConfig config, PuntSettings punt, HashSet<IpAddress> addresses, Dictionary<IpPrefix, IpAddress> routes)
    {
        foreach (Interfaces.Interface one in Interfaces.Of(config).All)
            if (!one.IsUplink && one.Name != "punt")
                foreach (InterfaceAddress address in one.Addresses)
                {
                    addresses.Add(address.Address);
                    if (punt.InstallRoutes && Gateway(punt, address.Address.IsV4) is { } gateway)
                        routes[address.Network] = gateway;
                }
    }

    private void Remove(HashSet<IpAddress> addresses, Dictionary<IpPrefix, IpAddress> routes)
    {
        foreach ((IpPrefix network, IpAddress gateway) in (List<KeyValuePair<IpPrefix, IpAddress>>)[.. _routes])
            if (!routes.ContainsKey(network) && _routes.Remove(network))
                Try(() => kernel.Routes.Remove(Network(network), network.Length, KernelTables.ToKernel(gateway), hostIndex));
        foreach (IpAddress address in (List<IpAddress>)[.. _addresses])
            if (!addresses.Contains(address) && _addresses.Remove(address))
                Try(() => kernel.Addresses.Remove(hostIndex, KernelTables.ToKernel(address), address.IsV4 ? 32 : 128));
    }

    /// <summary>What the kernel refuses here is the host's loss, not the switch's: it is said, and forwarding goes on.</summary>
    private void Try(System.Action change)
    {
        try
        {
            change();
        }
        catch (NetlinkException e)
        {
            events.Add(Key, e.Message);
        }
    }

    private static IPAddress Network(IpPrefix prefix) => KernelTables.ToKernel(prefix.Address);

    private static IpAddress? Gateway(PuntSettings punt, bool isV4)
    {
        foreach (InterfaceAddress address in punt.Addresses)
            if (address.Address.IsV4 == isV4)
                return address.Address;
        return null;
    }
}
