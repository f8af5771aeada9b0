using System;
using FastPath.Netns.Support;
using Xunit;

namespace FastPath.Netns.Control;

/// <summary>VXLAN to a node of the kernel's own bridge and vxlan device.</summary>
public sealed class OverlayTests
{
    [Fact]
    public void A_container_reaches_one_behind_the_kernels_vxlan_and_the_other_way()
    {
        using Topology topology = new();
        (Space host, Space node, Space a, Space c) = (topology.Add("host"), topology.Add("node"), topology.Add("a"), topology.Add("c"));
        Cable(host, node);
        KernelOverlay(node, c);
        using DaemonHost daemon = new(host, """
            uplinks: {up: {device: up0}}
            vteps: {vt: {address: 192.0.2.1}}
            bridges: {blue: {vni: 100, vtep: vt, remotes: [192.0.2.2], gateway: {addresses: [10.0.0.254/24]}}}
            ports: {a: {bridge: blue, container: {namespace: NS-a, addresses: [10.0.0.1/24, "fd00::1/64"]}}}
            """);

        Assert.Contains("MTU 1450", daemon.Said, StringComparison.Ordinal);
        foreach ((Space from, string to) in ((Space, string)[])[(a, "10.0.0.3"), (c, "10.0.0.1"), (a, "fd00::3"), (c, "fd00::1"), (c, "10.0.0.254")])
        {
            Ping.Run(from, to, 1); // the first one may wait for the underlay's neighbor
            Ping ping = Ping.Run(from, to);
            Assert.True(ping.Received == 3, $"{from.Name} to {to}: {ping.Text}\n{daemon.Explain()}");
        }

        Assert.Equal(3, Ping.Run(a, "10.0.0.3", 3, "-M", "do", "-s", "1422").Received); // 1,450 with 28 of headers
        Assert.True(Iperf.Run(a, c, "10.0.0.3", 1).Bytes > 1 << 20);
        Assert.True(Iperf.Run(a, c, "10.0.0.3", 1, reverse: true).Bytes > 1 << 20);
    }

    /// <summary>
    /// The node's kernel leaves inner checksums to its veth, which has no hardware to complete them: FastPath must pass
    /// them on as partial, or complete them, wherever the frame goes.
    /// </summary>
    [Theory]
    [InlineData("udpcsum")]
    [InlineData("noudpcsum")]
    public void TCP_passes_from_a_kernel_that_leaves_checksums_to_its_end_of_the_underlay(string outer)
    {
        using Topology topology = new();
        (Space host, Space node, Space a, Space c) = (topology.Add("host"), topology.Add("node"), topology.Add("a"), topology.Add("c"));
        Cable(host, node, checksums: "on");
        KernelOverlay(node, c, outer);
        using DaemonHost daemon = new(host, """
            uplinks: {up: {device: up0}}
            vteps: {vt: {address: 192.0.2.1}}
            bridges: {blue: {vni: 100, vtep: vt, remotes: [192.0.2.2], gateway: {addresses: [10.0.0.254/24]}}}
            ports: {a: {bridge: blue, container: {namespace: NS-a, addresses: [10.0.0.1/24, "fd00::1/64"]}}}
            """);

        Ping.Run(a, "10.0.0.3", 1);
        Assert.Equal(3, Ping.Run(a, "10.0.0.3").Received);
        Assert.True(Iperf.Run(a, c, "10.0.0.3", 1).Bytes > 1 << 20);
        Assert.True(Iperf.Run(a, c, "10.0.0.3", 1, reverse: true).Bytes > 1 << 20);
    }

    [Fact]
    public void The_hosts_own_traffic_on_a_shared_uplink_is_left_alone()
    {
        using Topology topology = new();
        (Space host, Space node) = (topology.Add("host"), topology.Add("node"));
        Cable(host, node);
        using DaemonHost daemon = new(host, """
            uplinks: {up: {device: up0}}
            vteps: {vt: {address: 192.0.2.1}}
            bridges: {blue: {vni: 100, vtep: vt, remotes: [192.0.2.2]}}
            """);

        Assert.Equal(3, Ping.Run(node, "192.0.2.1").Received);
        Assert.True(Iperf.Run(node, host, "192.0.2.1", 1).Bytes > 1 << 20);
    }

    [Theory]
    [InlineData("off")]
    [InlineData("on")]
    public void Gro_of_a_veth_uplink_is_on_while_it_is_one_and_then_as_it_was(string before)
    {
        using Topology topology = new();
        (Space host, Space node) = (topology.Add("host"), topology.Add("node"));
        Cable(host, node);
        host.Run("ethtool", "-K", "up0", "gro", before).OrFail();
        using DaemonHost daemon = new(host, "uplinks: {up: {device: up0}}");

        Assert.Contains("generic-receive-offload: on", Features(host), StringComparison.Ordinal);
        Assert.Equal(before == "off", daemon.Said.Contains("turned GRO of up0 on", StringComparison.Ordinal));
        daemon.Stop();
        Assert.Contains($"generic-receive-offload: {before}", Features(host), StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_to_an_owned_mac_address_is_routed()
    {
        using Topology topology = new();
        (Space host, Space node, Space a) = (topology.Add("host"), topology.Add("node"), topology.Add("a"));
        Cable(host, node);
        using DaemonHost daemon = new(host, """
            uplinks: {up: {device: up0, macs: ["02:00:00:00:00:99"]}}
            bridges: {blue: {gateway: {addresses: [10.0.0.254/24]}}}
            ports: {a: {bridge: blue, container: {namespace: NS-a, addresses: [10.0.0.1/24], gateways: [10.0.0.254]}}}
            """);
        node.Ip("neigh", "add", "192.0.2.9", "lladdr", "02:00:00:00:00:99", "dev", "up0");
        node.Ip("route", "add", "10.0.0.0/24", "via", "192.0.2.9");

        Assert.Equal(3, Ping.Run(node, "10.0.0.1").Received);
        Assert.Equal(3, Ping.Run(node, "192.0.2.1").Received); // the device's own address is still the host's
    }

    [Fact]
    public void Containers_of_two_nodes_that_share_their_gateways_are_routed_to_each_other()
    {
        using Topology topology = new();
        (Space left, Space right, Space a, Space b) = (topology.Add("left"), topology.Add("right"), topology.Add("a"), topology.Add("b"));
        Cable(left, right);
        using DaemonHost one = new(left, Node("192.0.2.1", "192.0.2.2", """
            a: {bridge: blue, container: {namespace: NS-a, addresses: [10.0.0.1/24, "fd00::1/64"], gateways: [10.0.0.254, "fd00::fe"]}}
            """));
        using DaemonHost two = new(right, Node("192.0.2.2", "192.0.2.1", """
            b: {bridge: red, container: {namespace: NS-b, addresses: [10.1.0.1/24, "fd00:1::1/64"], gateways: [10.1.0.254, "fd00:1::fe"]}}
            """));

        foreach ((Space from, string to) in ((Space, string)[])[(a, "10.1.0.1"), (b, "10.0.0.1"), (a, "fd00:1::1"), (b, "fd00::1")])
        {
            Ping.Run(from, to, 1); // the first one waits for neighbors on both nodes
            Ping ping = Ping.Run(from, to);
            Assert.True(ping.Received == 3, $"{from.Name} to {to}: {ping.Text}\n{one.Explain()}\n{two.Explain()}");
        }

        // The container's gateway is still its own node's: nothing of the other's questions has been learned.
        Assert.Equal(MacOfGateway(a, "10.0.0.254"), two.Get("bridges/blue").Split("\"gatewayMac\":\"")[1][..17]);
        Assert.True(Iperf.Run(a, b, "10.1.0.1", 1).Bytes > 1 << 20);
    }

    private static string Node(string own, string other, string port) => $$$"""
        uplinks: {up: {device: up0}}
        vteps: {vt: {address: {{{own}}}}}
        bridges:
          blue: {vni: 100, vtep: vt, remotes: [{{{other}}}], gateway: {addresses: [10.0.0.254/24, "fd00::fe/64"]}}
          red: {vni: 200, vtep: vt, remotes: [{{{other}}}], gateway: {addresses: [10.1.0.254/24, "fd00:1::fe/64"]}}
        ports:
          {{{port}}}
        """;

    private static string MacOfGateway(Space container, string gateway) =>
        container.Run("ip", "neigh", "show", gateway).OrFail().Output.Split("lladdr ")[1][..17];

    private static string Features(Space host) => host.Run("ethtool", "-k", "up0").OrFail().Output;

    private static void Cable(Space host, Space node, string checksums = "off")
    {
        Topology.Connect(host, "up0", node, "up0");
        foreach (Space end in (Space[])[host, node])
            end.Run("ethtool", "-K", "up0", "tx", checksums).OrFail(); // a cable carries whole checksums: off
        host.Ip("addr", "add", "192.0.2.1/24", "dev", "up0");
        node.Ip("addr", "add", "192.0.2.2/24", "dev", "up0");
    }

    private static void KernelOverlay(Space node, Space c, string outerChecksum = "udpcsum")
    {
        node.Ip("link", "add", "br0", "type", "bridge");
        node.Ip("link", "add", "vxlan100", "type", "vxlan", "id", "100", "local", "192.0.2.2", "remote", "192.0.2.1", "dstport", "4789",
            "dev", "up0", outerChecksum);
        Topology.Connect(node, "to-c", c, "eth0");
        foreach (string port in (string[])["vxlan100", "to-c"])
            node.Ip("link", "set", port, "mtu", "1450", "master", "br0", "up");
        node.Ip("link", "set", "br0", "up");
        c.Ip("link", "set", "eth0", "mtu", "1450");
        c.Ip("addr", "add", "10.0.0.3/24", "dev", "eth0");
        c.Ip("addr", "add", "fd00::3/64", "dev", "eth0", "nodad");
    }
}
