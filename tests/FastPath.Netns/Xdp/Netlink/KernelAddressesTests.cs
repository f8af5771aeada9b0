using System.Collections.Generic;
using System.Linq;
using System.Net;
using FastPath.Netns.Support;
using FastPath.Xdp.Netlink;
using Xunit;

namespace FastPath.Netns.Xdp.Netlink;

public sealed class KernelAddressesTests
{
    [Fact]
    public void Addresses_of_both_families_are_added_usable_and_removed()
    {
        using Topology topology = new();
        Space host = topology.Add("host");
        Space container = topology.Add("c");
        Topology.Connect(host, "port-a", container, "eth0");
        using Rtnetlink netlink = Rtnetlink.Open(container.Handle);
        int eth0 = netlink.Links.Require("eth0").Index;

        netlink.Addresses.Add(eth0, IPAddress.Parse("10.0.0.2"), 24);
        netlink.Addresses.Add(eth0, IPAddress.Parse("fd00::2"), 64);
        netlink.Addresses.Add(eth0, IPAddress.Parse("10.0.0.2"), 24); // again: no error

        List<string> shown = Shown(container, "eth0");
        Assert.Contains("10.0.0.2/24", shown);
        Assert.Contains("fd00::2/64", shown);
        Assert.Equal(shown.Order(), netlink.Addresses.List(eth0).Select(address => address.ToString()).Order());
        Assert.True(netlink.Addresses.List(eth0).Single(a => a.Address.Equals(IPAddress.Parse("fd00::2"))).IsUsable);

        netlink.Addresses.Remove(eth0, IPAddress.Parse("10.0.0.2"), 24);
        netlink.Addresses.Remove(eth0, IPAddress.Parse("fd00::2"), 64);
        Assert.DoesNotContain(netlink.Addresses.List(eth0), address => !address.Address.IsIPv6LinkLocal);
        Assert.True(Assert.Throws<NetlinkException>(
            () => netlink.Addresses.Remove(eth0, IPAddress.Parse("10.0.0.2"), 24)).Errno == 99); // EADDRNOTAVAIL
    }

    [Fact]
    public void A_list_of_many_datagrams_is_whole()
    {
        const int Count = 700; // about 60 KiB
        using Topology topology = new();
        Space host = topology.Add("host");
        using Rtnetlink netlink = Rtnetlink.Open(host.Handle);
        int lo = netlink.Links.Require("lo").Index;
        for (int i = 0; i < Count; i++)
            netlink.Addresses.Add(lo, new IPAddress([10, 1, (byte)(i >> 8), (byte)i]), 32);
        Assert.Equal(Shown(host, "lo").Order(), netlink.Addresses.List().Select(address => address.ToString()).Order());
    }

    private static List<string> Shown(Space space, string device) =>
    [
        .. from link in space.IpJson("addr", "show", "dev", device).EnumerateArray()
           from address in link.GetProperty("addr_info").EnumerateArray()
           select $"{address.GetProperty("local").GetString()}/{address.GetProperty("prefixlen").GetInt32()}",
    ];
}
