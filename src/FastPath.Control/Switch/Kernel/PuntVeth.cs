using System.Collections.Generic;
using FastPath.Control.Config;
using FastPath.Net;
using FastPath.Xdp.Netlink;

namespace FastPath.Control.Switch.Kernel;

/// <summary>Makes the pair between host and FastPath.</summary>
internal static class PuntVeth
{
    /// <summary>The pair, made or found; the host's end is up with its addresses.</summary>
    /// <returns>The host's end.</returns>
    public static KernelLink Ensure(Rtnetlink kernel, string switchDevice, PuntSettings punt, int workers)
    {
        KernelLink? here = kernel.Links.Find(switchDevice);
        KernelLink? host = kernel.Links.Find(punt.Interface);
        if (host != null && (here == null || host.PeerIndex != here.Index))
            throw new PortException("interface", $"there is a device {punt.Interface} already, which is not FastPath's");
        if (here == null || host == null)
        {
            if (here != null)
                kernel.Links.Delete(here.Index);
            kernel.Links.CreateVeth(new VethPair(
                new VethEnd { Name = switchDevice, TxQueues = workers }, new VethEnd { Name = punt.Interface }));
        }

        SetUpHost(kernel, punt);
        return kernel.Links.Require(punt.Interface);
    }

    private static void SetUpHost(Rtnetlink kernel, PuntSettings punt)
    {
        using (Ethtool ethtool = Ethtool.Open())
            ethtool.Set(punt.Interface, Offloads.TxChecksum | Offloads.TxVlan, on: false);
        int index = kernel.Links.Require(punt.Interface).Index;
        RemoveOthers(kernel, index, punt.HostAddresses); // first: with an address the kernel takes its secondary ones
        foreach (InterfaceAddress address in punt.HostAddresses)
            kernel.Addresses.Add(index, KernelTables.ToKernel(address.Address), address.PrefixLength);
        kernel.Links.SetUp(index);
    }

    private static void Remove(Rtnetlink kernel, int index, InterfaceAddress address)
    {
        const int NoSuchAddress = 99; // EADDRNOTAVAIL
        try
        {
            kernel.Addresses.Remove(index, KernelTables.ToKernel(address.Address), address.PrefixLength);
        }
        catch (NetlinkException e) when (e.Errno == NoSuchAddress)
        {
            // It was a secondary one and went with its primary.
        }
    }

    /// <summary>Removes what an earlier configuration gave to the host's end; gateways' addresses come with the tables.</summary>
    private static void RemoveOthers(Rtnetlink kernel, int index, IReadOnlyList<InterfaceAddress> wanted)
    {
        HashSet<InterfaceAddress> kept = [.. wanted];
        foreach (InterfaceAddress address in KernelTables.AddressesOf(kernel, index))
            if (!kept.Contains(address))
                Remove(kernel, index, address);
    }
}
