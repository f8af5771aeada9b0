using System;
using System.Linq;
using System.Text.Json;
using FastPath.Netns.Support;
using FastPath.Xdp.Netlink;
using Xunit;

namespace FastPath.Netns.Xdp.Netlink;

public sealed class KernelLinksTests
{
    private const ulong SwitchMac = 0x02_00_00_00_0a_01;
    private const ulong ContainerMac = 0x02_00_00_00_0a_02;

    [Fact]
    public void A_veth_pair_is_created_with_each_end_in_its_namespace()
    {
        using Topology topology = new();
        Space host = topology.Add("host");
        Space container = topology.Add("c");
        using Rtnetlink netlink = Rtnetlink.Open(host.Handle);

        netlink.Links.CreateVeth(new VethPair(
            new VethEnd { Name = "port-a", Mac = SwitchMac, RxQueues = 1, TxQueues = 4 },
            new VethEnd { Name = "eth0", Mac = ContainerMac, RxQueues = 3, TxQueues = 1, Namespace = container.Handle },
            Mtu: 3000));

        JsonElement near = host.IpJson("link", "show", "port-a")[0];
        JsonElement far = container.IpJson("link", "show", "eth0")[0];
        Assert.Equal("02:00:00:00:0a:01", near.GetProperty("address").GetString());
        Assert.Equal("02:00:00:00:0a:02", far.GetProperty("address").GetString());
        Assert.Equal(3000, near.GetProperty("mtu").GetInt32());
        Assert.Equal(3000, far.GetProperty("mtu").GetInt32());
        Assert.Equal(4, near.GetProperty("num_tx_queues").GetInt32());
        Assert.Equal(1, near.GetProperty("num_rx_queues").GetInt32());
        Assert.Equal(1, far.GetProperty("num_tx_queues").GetInt32());
        Assert.Equal(3, far.GetProperty("num_rx_queues").GetInt32());
        Assert.DoesNotContain(
            host.IpJson("link").EnumerateArray(), link => link.GetProperty("ifname").GetString() == "eth0");
    }

    [Fact]
    public void A_link_reads_as_ip_shows_it()
    {
        using Topology topology = new();
        Space host = topology.Add("host");
        Space container = topology.Add("c");
        Topology.Connect(host, "port-a", container, "eth0");
        using Rtnetlink netlink = Rtnetlink.Open(host.Handle);

        JsonElement shown = host.IpJson("link", "show", "port-a")[0];
        KernelLink link = netlink.Links.Require("port-a");
        Assert.Equal(shown.GetProperty("ifindex").GetInt32(), link.Index);
        string mac = shown.GetProperty("address").GetString()!.Replace(":", "", StringComparison.Ordinal);
        Assert.Equal(mac, $"{link.Mac:x12}");
        Assert.Equal(shown.GetProperty("mtu").GetInt32(), link.Mtu);
        Assert.Equal(shown.GetProperty("min_mtu").GetInt32(), link.MinMtu);
        Assert.Equal(shown.GetProperty("max_mtu").GetInt32(), link.MaxMtu);
        Assert.Equal(shown.GetProperty("num_rx_queues").GetInt32(), link.RxQueues);
        Assert.Equal(shown.GetProperty("num_tx_queues").GetInt32(), link.TxQueues);
        Assert.Equal(shown.GetProperty("link_index").GetInt32(), link.PeerIndex);
        Assert.Equal(shown.GetProperty("link_netnsid").GetInt32(), link.PeerNamespaceId);
        Assert.Equal("veth", link.Kind);
        Assert.True(link.IsUp);
        Assert.Equal(OperationalState.Up, link.State);
        Assert.Equal(link, netlink.Links.Find(link.Index));
        Assert.Contains(link.Index, netlink.Links.List().Select(each => each.Index));
    }

    [Fact]
    public void A_refusal_names_the_operation_the_device_and_the_kernels_reason()
    {
        using Topology topology = new();
        Space host = topology.Add("host");
        host.Ip("link", "add", "port-a", "type", "veth", "peer", "name", "eth0");
        using Rtnetlink netlink = Rtnetlink.Open(host.Handle);
        KernelLink link = netlink.Links.Require("port-a");

        NetlinkException refused = Assert.Throws<NetlinkException>(() => netlink.Links.SetMtu(link.Index, 20));
        Assert.Contains("setting the MTU to 20", refused.Message, StringComparison.Ordinal);
        Assert.Contains("port-a", refused.Message, StringComparison.Ordinal);
        Assert.Equal("mtu less than device minimum", refused.KernelMessage);
        Assert.Equal(22, refused.Errno);
    }

    [Fact]
    public void State_mtu_mac_and_name_are_changed()
    {
        using Topology topology = new();
        Space host = topology.Add("host");
        host.Ip("link", "add", "port-a", "type", "veth", "peer", "name", "eth0");
        using Rtnetlink netlink = Rtnetlink.Open(host.Handle);
        KernelLinks links = netlink.Links;
        int index = links.Require("port-a").Index;

        links.SetMtu(index, 9000);
        links.SetMac(index, ContainerMac);
        links.Rename(index, "port-b");
        links.SetUp(index);
        JsonElement shown = host.IpJson("link", "show", "port-b")[0];
        Assert.Equal(9000, shown.GetProperty("mtu").GetInt32());
        Assert.Equal("02:00:00:00:0a:02", shown.GetProperty("address").GetString());
        Assert.Contains("UP", shown.GetProperty("flags").EnumerateArray().Select(flag => flag.GetString()));
        KernelLink up = links.Require("port-b");
        Assert.True(up.IsAdminUp);
        Assert.False(up.HasCarrier); // the other end is down
        Assert.Equal(OperationalState.LowerLayerDown, up.State);

        links.SetDown(index);
        Assert.False(links.Require("port-b").IsAdminUp);
        Assert.Null(links.Find("port-a"));
    }

    [Fact]
    public void A_device_moves_to_another_namespace_under_another_name()
    {
        using Topology topology = new();
        Space host = topology.Add("host");
        Space container = topology.Add("c");
        using Rtnetlink netlink = Rtnetlink.Open(host.Handle);
        using Rtnetlink inside = Rtnetlink.Open(container.Handle);
        netlink.Links.CreateVeth(new VethPair(new VethEnd { Name = "port-a" }, new VethEnd { Name = "port-a-c" }));

        netlink.Links.MoveTo(netlink.Links.Require("port-a-c").Index, container.Handle, "eth0");

        Assert.Null(netlink.Links.Find("port-a-c"));
        KernelLink near = netlink.Links.Require("port-a");
        KernelLink far = inside.Links.Require("eth0");
        Assert.Equal(far.Index, near.PeerIndex);
        Assert.NotNull(near.PeerNamespaceId);
        Assert.Equal("eth0", container.IpJson("link", "show", "eth0")[0].GetProperty("ifname").GetString());
    }

    [Fact]
    public void Deleting_one_end_deletes_both()
    {
        using Topology topology = new();
        Space host = topology.Add("host");
        Space container = topology.Add("c");
        Topology.Connect(host, "port-a", container, "eth0");
        using Rtnetlink netlink = Rtnetlink.Open(host.Handle);
        int index = netlink.Links.Require("port-a").Index;

        netlink.Links.Delete(index);

        Assert.Null(netlink.Links.Find(index));
        Assert.Single(container.IpJson("link").EnumerateArray()); // lo
        NetlinkException gone = Assert.Throws<NetlinkException>(() => netlink.Links.SetUp(index));
        Assert.True(gone.IsNotFound);
        Assert.Contains($"{index} (gone)", gone.Message, StringComparison.Ordinal);
        Assert.True(Assert.Throws<NetlinkException>(() => netlink.Links.Require("port-a")).IsNotFound);
    }

    [Fact]
    public void A_pair_whose_second_name_is_taken_is_not_created_at_all()
    {
        using Topology topology = new();
        Space host = topology.Add("host");
        Space container = topology.Add("c");
        container.Ip("link", "add", "eth0", "type", "veth", "peer", "name", "other");
        using Rtnetlink netlink = Rtnetlink.Open(host.Handle);

        NetlinkException taken = Assert.Throws<NetlinkException>(() => netlink.Links.CreateVeth(new VethPair(
            new VethEnd { Name = "port-a" }, new VethEnd { Name = "eth0", Namespace = container.Handle })));

        Assert.True(taken.AlreadyExists);
        Assert.Contains("creating veth port-a with peer eth0", taken.Message, StringComparison.Ordinal);
        Assert.Single(host.IpJson("link").EnumerateArray()); // lo
    }

    [Theory]
    [InlineData("")]
    [InlineData("sixteen-letters-")]
    public void A_name_that_no_device_can_have_is_refused(string name)
    {
        using Topology topology = new();
        using Rtnetlink netlink = Rtnetlink.Open(topology.Add("a").Handle);
        Assert.Throws<ArgumentException>(() => netlink.Links.Find(name));
    }

    [Fact]
    public void Three_hundred_pairs_are_listed()
    {
        const int Pairs = 300; // about 500 KiB: many datagrams
        using Topology topology = new();
        Space host = topology.Add("host");
        using Rtnetlink netlink = Rtnetlink.Open(host.Handle);
        for (int i = 0; i < Pairs; i++)
            netlink.Links.CreateVeth(new VethPair(new VethEnd { Name = $"a{i}" }, new VethEnd { Name = $"b{i}" }));
        Assert.Equal(1 + 2 * Pairs, netlink.Links.List().Select(link => link.Name).Distinct().Count());
    }
}
