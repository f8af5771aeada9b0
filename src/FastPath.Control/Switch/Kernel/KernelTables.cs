using System.Collections.Generic;
using System.Net;
using FastPath.Dataplane.Tables;
using FastPath.Net;
using FastPath.Xdp.Netlink;

namespace FastPath.Control.Switch.Kernel;

/// <summary>The kernel's addresses and neighbors in FastPath's types.</summary>
internal static class KernelTables
{
    /// <summary>Addresses of a device that packets may be sent from; link-local ones are left out.</summary>
    public static IReadOnlyList<InterfaceAddress> AddressesOf(Rtnetlink kernel, int ifIndex)
    {
        List<InterfaceAddress> addresses = [];
        foreach (KernelAddress address in kernel.Addresses.List(ifIndex))
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

    public static IPAddress ToKernel(IpAddress address) => IPAddress.Parse(address.ToString());

    private static IpAddress ToAddress(IPAddress address) =>
        IpAddress.Parse(new IPAddress(address.GetAddressBytes()).ToString()); // made anew: without zone
}
