using System.Linq;
using System.Net;
using System.Text.Json;
using FastPath.Netns.Support;
using FastPath.Xdp.Netlink;
using Xunit;

namespace FastPath.Netns.Xdp.Netlink;

public sealed class KernelRoutesTests
{
    [Theory]
    [InlineData("10.0.0.2", 24, "10.0.0.1", "0.0.0.0", "10.9.0.0", 16)]
    [InlineData("fd00::2", 64, "fd00::1", "::", "fd09::", 48)]
    public void A_default_route_and_a_network_on_a_device_are_added_and_removed(
        string own, int ownLength, string gateway, string any, string network, int length)
    {
        using Topology topology = new();
        Space host = topology.Add("host");
        Space container = topology.Add("c");
        Topology.Connect(host, "port-a", container, "eth0");
        using Rtnetlink netlink = Rtnetlink.Open(container.Handle);
        int eth0 = netlink.Links.Require("eth0").Index;
        netlink.Addresses.Add(eth0, IPAddress.Parse(own), ownLength);

        netlink.Routes.Add(IPAddress.Parse(any), 0, IPAddress.Parse(gateway));
        netlink.Routes.Add(IPAddress.Parse(any), 0, IPAddress.Parse(gateway)); // again: no error, no second one
        netlink.Routes.Add(IPAddress.Parse(network), length, null, eth0);

        string family = own.Contains(':', System.StringComparison.Ordinal) ? "-6" : "-4";
        JsonElement[] shown = [.. container.IpJson(family, "route").EnumerateArray()];
        JsonElement standard = Assert.Single(shown, route => Destination(route) == "default");
        Assert.Equal(gateway, standard.GetProperty("gateway").GetString());
        Assert.Equal("eth0", standard.GetProperty("dev").GetString());
        JsonElement direct = Assert.Single(shown, route => Destination(route) == $"{network}/{length}");
        Assert.Equal("eth0", direct.GetProperty("dev").GetString());
        Assert.False(direct.TryGetProperty("gateway", out _));

        KernelRoute read = Assert.Single(netlink.Routes.List(),
            route => route.ToString() == $"{any}/0" && route.Gateway != null);
        Assert.Equal(
            (IPAddress.Parse(gateway), eth0, 254u, 1), (read.Gateway, read.IfIndex, read.Table, read.RouteType));

        netlink.Routes.Remove(IPAddress.Parse(any), 0, IPAddress.Parse(gateway));
        netlink.Routes.Remove(IPAddress.Parse(network), length, null, eth0);
        Assert.DoesNotContain(container.IpJson(family, "route").EnumerateArray(),
            route => Destination(route) == "default" || Destination(route) == $"{network}/{length}");
        Assert.True(Assert.Throws<NetlinkException>(
            () => netlink.Routes.Remove(IPAddress.Parse(network), length, null, eth0)).IsNotFound);
    }

    [Fact]
    public void A_gateway_that_is_not_on_a_link_is_refused_in_the_kernels_words()
    {
        using Topology topology = new();
        Space container = topology.Add("c");
        using Rtnetlink netlink = Rtnetlink.Open(container.Handle);
        NetlinkException refused = Assert.Throws<NetlinkException>(
            () => netlink.Routes.Add(IPAddress.Any, 0, IPAddress.Parse("10.0.0.1")));
        Assert.Contains("adding route 0.0.0.0/0 via 10.0.0.1", refused.Message, System.StringComparison.Ordinal);
        Assert.Equal("Nexthop has invalid gateway", refused.KernelMessage);
    }

    [Fact]
    public void The_list_has_every_route_that_ip_shows()
    {
        using Topology topology = new();
        Space host = topology.Add("host");
        Space container = topology.Add("c");
        Topology.Connect(host, "port-a", container, "eth0");
        container.Ip("addr", "add", "10.0.0.2/24", "dev", "eth0");
        container.Ip("route", "add", "10.7.0.0/16", "via", "10.0.0.1", "metric", "7", "table", "100");
        using Rtnetlink netlink = Rtnetlink.Open(container.Handle);

        int shown = container.IpJson("-4", "route", "show", "table", "all").GetArrayLength();
        Assert.Equal(shown, netlink.Routes.List().Count(route => route.Destination.GetAddressBytes().Length == 4));
        KernelRoute added = Assert.Single(netlink.Routes.List(), route => route.ToString() == "10.7.0.0/16");
        Assert.Equal((100u, 7u), (added.Table, added.Metric));
    }

    private static string? Destination(JsonElement route) => route.GetProperty("dst").GetString();
}
