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
            ContainerVeth.Delete(kernel, switchDevice);
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
        KernelTables.KeepOnly(kernel, index, punt.HostAddresses); // gateways' addresses come with the tables
        foreach (InterfaceAddress address in punt.HostAddresses)
            kernel.Addresses.Add(index, KernelTables.ToKernel(address.Address), address.PrefixLength);
        kernel.Links.SetUp(index);
    }
}
