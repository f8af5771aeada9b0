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
        Assert.DoesNotContain(host.IpJson("link").EnumerateArray(), link => link.GetProperty("ifname").GetString() == "eth0");
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
        Assert.Equal(shown.GetProperty("address").GetString()!.Replace(":", "", System.StringComparison.Ordinal), $"{link.Mac:x12}");
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
        Assert.Contains("setting the MTU to 20", refused.Message, System.StringComparison.Ordinal);
        Assert.Contains("port-a", refused.Message, System.StringComparison.Ordinal);
        Assert.Equal("mtu less than device minimum", refused.KernelMessage);
        Assert.Equal(22, refused.Errno);
    }
}
