using System;
using FastPath.Netns.Support;
using FastPath.Xdp.Netlink;
using Xunit;

namespace FastPath.Netns.Xdp.Netlink;

public sealed class DeviceSysctlsTests
{
    [Fact]
    public void A_device_is_silenced_in_its_namespace_and_only_there()
    {
        using Topology topology = new();
        Space here = WithDevice(topology, "here");
        Space there = WithDevice(topology, "there");

        Assert.Empty(DeviceSysctls.SilenceHost(here.Handle, "port-a"));

        Assert.Equal("1", Sysctl(here, "net.ipv6.conf.port-a.disable_ipv6"));
        Assert.Equal("8", Sysctl(here, "net.ipv4.conf.port-a.arp_ignore"));
        Assert.Equal("0", Sysctl(here, "net.ipv4.conf.port-a.forwarding"));
        Assert.Equal("0", Sysctl(here, "net.ipv6.conf.port-a.forwarding"));
        Assert.Equal("0", Sysctl(there, "net.ipv6.conf.port-a.disable_ipv6"));
        Assert.Equal("0", Sysctl(there, "net.ipv4.conf.port-a.arp_ignore"));
        Assert.Equal("1", Sysctl(there, "net.ipv4.conf.port-a.forwarding"));
        Assert.Equal("8", DeviceSysctls.Read(here.Handle, "ipv4", "port-a", "arp_ignore"));
    }

    [Fact]
    public void A_silenced_device_has_no_ipv6_address_and_answers_no_arp()
    {
        using Topology topology = new();
        Space host = topology.Add("host");
        Space container = topology.Add("c");
        Topology.Connect(host, "port-a", container, "eth0");
        host.Ip("addr", "add", "10.0.0.1/32", "dev", "lo");
        host.Ip("route", "add", "10.0.0.2/32", "dev", "port-a");
        container.Ip("addr", "add", "10.0.0.2/24", "dev", "eth0");
        Assert.Equal(3, Ping.Run(container, "10.0.0.1").Received); // Linux answers for all its addresses on any device

        Assert.Empty(DeviceSysctls.SilenceHost(host.Handle, "port-a"));
        container.Ip("neigh", "flush", "all");

        Assert.Equal(0, Ping.Run(container, "10.0.0.1").Received);
        using Rtnetlink netlink = Rtnetlink.Open(host.Handle);
        Assert.Empty(netlink.Addresses.List(netlink.Links.Require("port-a").Index));
    }

    [Fact]
    public void What_could_not_be_set_is_told_with_its_file()
    {
        using Topology topology = new();
        Space space = topology.Add("a");
        string failure = Assert.IsType<string>(DeviceSysctls.Write(space.Handle, "ipv4", "no-such", "arp_ignore", "8"));
        Assert.Contains("/proc/sys/net/ipv4/conf/no-such/arp_ignore", failure, StringComparison.Ordinal);
        Assert.Equal(4, DeviceSysctls.SilenceHost(space.Handle, "no-such").Count);
        Assert.NotNull(DeviceSysctls.Write(space.Handle, "ipv4", "lo", "arp_ignore", "nonsense"));
        Assert.Null(DeviceSysctls.Read(space.Handle, "ipv4", "no-such", "arp_ignore"));
        Assert.Throws<ArgumentException>(() => DeviceSysctls.Write(space.Handle, "ipv4", "../all", "arp_ignore", "8"));
    }

    private static Space WithDevice(Topology topology, string name)
    {
        Space space = topology.Add(name);
        space.Ip("link", "add", "port-a", "type", "veth", "peer", "name", "eth0");
        space.Run("sysctl", "-qw", "net.ipv4.conf.port-a.forwarding=1", "net.ipv6.conf.port-a.forwarding=1").OrFail();
        return space;
    }

    private static string Sysctl(Space space, string name) => space.Run("sysctl", "-n", name).OrFail().Output.Trim();
}
