using System;
using System.Net;
using FastPath.Control.Config;
using FastPath.Net;
using FastPath.Xdp.Netlink;

namespace FastPath.Control.Switch.Kernel;

/// <summary>A veth pair that FastPath made: one end here, the other in a container's namespace.</summary>
internal sealed class ContainerVeth(
    Rtnetlink kernel, Rtnetlink inside, NetworkNamespace space, string switchDevice, string containerDevice) : IDisposable
{
    public string SwitchDevice { get; } = switchDevice;

    /// <summary>Whether it was made just now, and not by an earlier run.</summary>
    public bool IsNew { get; private set; }

    /// <summary>MAC address of the container's end.</summary>
    public MacAddress ContainerMac => MacAddress.FromValue(inside.Links.Find(containerDevice)?.Mac ?? 0);

    /// <summary>
    /// Whether an earlier run has left the pair; its MTU and its MAC address are set. What is left otherwise is removed: a
    /// restart must not take a working interface from a container, and must not keep one that is wrong.
    /// </summary>
    /// <param name="mac">Of the container's end; null leaves what it has.</param>
    /// <param name="mtu">Of both ends.</param>
    public bool Exists(ulong? mac, int mtu)
    {
        if (kernel.Links.Find(SwitchDevice) is not { } here)
            return false;
        KernelLink? there = inside.Links.Find(containerDevice);
        bool isPair = there != null && there.PeerIndex == here.Index && here.PeerIndex == there.Index;
        if (isPair && TrySetMtu(here, there!, mtu))
        {
            if (mac is ulong wanted && wanted != there!.Mac)
                inside.Links.SetMac(there.Index, wanted);
            return true;
        }

        if (here.Kind != "veth")
            throw new PortException("", $"{SwitchDevice} is a device of another kind, which is not FastPath's: rename it or the port");
        kernel.Links.Delete(here.Index);
        return false;
    }

    private bool TrySetMtu(KernelLink here, KernelLink there, int mtu)
    {
        try
        {
            if (here.Mtu != mtu)
                kernel.Links.SetMtu(here.Index, mtu);
            if (there.Mtu != mtu)
                inside.Links.SetMtu(there.Index, mtu);
            return true;
        }
        catch (NetlinkException e) when (e.IsInvalid)
        {
            return false; // too large for a program that is still attached: a new pair has none
        }
    }

    /// <summary>Makes the pair, both ends down; the switch end has a transmit queue for each worker.</summary>
    /// <param name="mtu">Of both ends.</param>
    /// <param name="workers">Transmit queues of the switch end.</param>
    /// <param name="mac">MAC address of the container's end; null lets the kernel choose.</param>
    public void Create(int mtu, int workers, ulong? mac)
    {
        if (inside.Links.Find(containerDevice) != null)
            throw new PortException("container/interface", $"{space} has an interface {containerDevice} already, which is not FastPath's");
        kernel.Links.CreateVeth(new VethPair(
            new VethEnd { Name = SwitchDevice, TxQueues = workers },
            new VethEnd { Name = containerDevice, Mac = mac, Namespace = space },
            mtu));
        IsNew = true;
    }

    /// <summary>
    /// Lets the container make its own checksums and put VLAN tags into its frames: both would be left to a device that is
    /// none (decision 0009). Before the end is up.
    /// </summary>
    public void SetOffloads(bool deviceChecksums)
    {
        using Ethtool ethtool = Ethtool.Open(space);
        ethtool.Set(containerDevice, Offloads.TxVlan, on: false);
        ethtool.Set(containerDevice, Offloads.TxChecksum, on: deviceChecksums);
    }

    /// <summary>
    /// Gives the container's end its addresses and sets it up, then the default routes. What an earlier configuration
    /// gave goes; an interface that has no addresses from the configuration is the container's own to configure.
    /// </summary>
    public void SetUpContainer(ContainerSettings end)
    {
        int index = inside.Links.Require(containerDevice).Index;
        if (end.Addresses.Count != 0)
            KernelTables.KeepOnly(inside, index, end.Addresses, end.Gateways);
        foreach (InterfaceAddress address in end.Addresses)
            inside.Addresses.Add(index, KernelTables.ToKernel(address.Address), address.PrefixLength);
        inside.Links.SetUp(index);
        foreach (IpAddress gateway in end.Gateways)
            inside.Routes.Add(gateway.IsV4 ? IPAddress.Any : IPAddress.IPv6Any, 0, KernelTables.ToKernel(gateway), index);
    }

    /// <summary>Removes the pair: the container loses its interface.</summary>
    public void Delete() => Delete(kernel, SwitchDevice);

    /// <summary>Removes a pair by the name of its end here.</summary>
    public static void Delete(Rtnetlink kernel, string switchDevice)
    {
        try
        {
            // Another kind of device of that name is somebody else's.
            if (kernel.Links.Find(switchDevice) is { Kind: "veth" } here)
                kernel.Links.Delete(here.Index);
        }
        catch (NetlinkException e) when (e.IsNotFound)
        {
            // The container ended at this moment, and the pair went with its namespace.
        }
    }

    /// <summary>
    /// Closes what keeps the container's namespace alive: it must go when its container goes. Only <see cref="Delete()"/> works
    /// after this.
    /// </summary>
    public void Dispose()
    {
        inside.Dispose();
        space.Dispose();
    }
}
