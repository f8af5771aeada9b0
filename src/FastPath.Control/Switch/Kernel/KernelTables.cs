using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using FastPath.Dataplane.Tables;
using FastPath.Net;
using FastPath.Xdp.Netlink;

namespace FastPath.Control.Switch.Kernel;

/// <summary>The kernel's addresses, default routes and neighbors in FastPath's types.</summary>
internal static class KernelTables
{
    /// <summary>Addresses of a device that packets may be sent from; link-local ones are left out.</summary>
    public static IReadOnlyList<InterfaceAddress> AddressesOf(Rtnetlink kernel, int ifIndex) =>
        ToAddresses(kernel.Addresses.List(ifIndex));

    /// <summary>
    /// Takes from a device the addresses and default routes that an earlier configuration gave to it and this one does
    /// not have. Before the wanted ones are added: with an address the kernel takes its secondary ones. What DHCP or a
    /// router's advertisement has given is theirs.
    /// </summary>
    public static void KeepOnly(
        Rtnetlink kernel,
        int ifIndex,
        IReadOnlyList<InterfaceAddress> addresses,
        IReadOnlyList<IpAddress>? gateways = null)
    {
        foreach (InterfaceAddress address in ToAddresses(kernel.Addresses.List(ifIndex).Where(one => one.IsPermanent)))
            if (!addresses.Contains(address))
                Remove(() => kernel.Addresses.Remove(ifIndex, ToKernel(address.Address), address.PrefixLength));
        if (gateways == null)
            return;
        foreach (KernelRoute route in kernel.Routes.List())
            if (route is { PrefixLength: 0, IsStatic: true, Gateway: { } gateway } && route.IfIndex == ifIndex
                && !gateways.Contains(ToAddress(gateway)))
                Remove(() => kernel.Routes.Remove(route.Destination, 0, gateway, ifIndex));
    }

    private static void Remove(Action remove)
    {
        try
        {
            remove();
        }
        catch (NetlinkException e) when (e.IsNotFound)
        {
            // It was a secondary address and went with its primary, or the container was faster.
        }
    }

    private static List<InterfaceAddress> ToAddresses(IEnumerable<KernelAddress> list)
    {
        List<InterfaceAddress> addresses = [];
        foreach (KernelAddress address in list)
            if (address.IsUsable && ToAddress(address.Address) is { } own && (own.IsV4 || !own.V6.IsLinkLocal))
                addresses.Add(new InterfaceAddress(own, address.PrefixLength));
        return addresses;
    }

    /// <summary>A kernel's neighbor as the key of FastPath's table.</summary>
    public static NeighborKey KeyOf(int port, IPAddress address)
    {
        IpAddress own = ToAddress(address);
        return own.IsV4 ? NeighborKey.Of((ushort)port, own.V4) : NeighborKey.Of((ushort)port, own.V6);
    }

    /// <summary>
    /// Enters a kernel's neighbor into the table. False when no packet may be sent to it: it is unresolved, or one of
    /// the entries that the kernel keeps for multicast and broadcast.
    /// </summary>
    public static bool TryLearn(SwitchCore core, NeighborKey key, KernelNeighbor neighbor)
    {
        if (!neighbor.IsUsable || neighbor.Mac is not ulong mac || MacAddress.FromValue(mac).IsGroup)
            return false;
        core.Run(0, worker => worker.LearnNeighbor(key, mac, NeighborState.Static));
        return true;
    }

    public static IPAddress ToKernel(IpAddress address) => IPAddress.Parse(address.ToString());

    private static IpAddress ToAddress(IPAddress address) =>
        IpAddress.Parse(new IPAddress(address.GetAddressBytes()).ToString()); // made anew: without zone
}
