using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
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

    /// <summary>
    /// The kernel resumes a dump by position: an entry deleted in front of it makes the dump skip another one.
    /// </summary>
    [Fact]
    public void A_list_is_whole_also_when_the_table_changes_meanwhile()
    {
        const int Stable = 700; // about 60 KiB: more than one datagram
        const int Deleted = 200;
        using Topology topology = new();
        Space host = topology.Add("host");
        using Rtnetlink netlink = Rtnetlink.Open(host.Handle);
        int lo = netlink.Links.Require("lo").Index;
        for (int i = 0; i < Deleted; i++) // in front of the others
            netlink.Addresses.Add(lo, Numbered(2, i), 32);
        for (int i = 0; i < Stable; i++)
            netlink.Addresses.Add(lo, Numbered(1, i), 32);

        Thread changes = new(() =>
        {
            using Rtnetlink other = Rtnetlink.Open(host.Handle);
            for (int i = 0; i < Deleted; i++)
            {
                other.Addresses.Remove(lo, Numbered(2, i), 32);
                Thread.Sleep(1);
            }
        });
        changes.Start();
        bool last;
        do
        {
            last = !changes.IsAlive;
            if (TryList(netlink) is { } seen)
                Assert.Equal(Stable, seen.Distinct().Count(text => text.StartsWith("10.1.", StringComparison.Ordinal)));
            else
                Assert.False(last, "nothing changes any more");
        }
        while (!last);
        changes.Join();
    }

    /// <summary>Null when the kernel said of each attempt that the table had changed: an answer, but no list.</summary>
    private static List<string>? TryList(Rtnetlink netlink)
    {
        try
        {
            return [.. netlink.Addresses.List().Select(address => address.ToString())];
        }
        catch (NetlinkException e) when (e.Errno == 0)
        {
            return null;
        }
    }

    private static IPAddress Numbered(byte network, int number) =>
        new([10, network, (byte)(number >> 8), (byte)number]);

    private static List<string> Shown(Space space, string device) =>
    [
        .. from link in space.IpJson("addr", "show", "dev", device).EnumerateArray()
           from address in link.GetProperty("addr_info").EnumerateArray()
           select $"{address.GetProperty("local").GetString()}/{address.GetProperty("prefixlen").GetInt32()}",
    ];
}
