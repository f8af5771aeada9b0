using System;
using FastPath.Netns.Support;
using Xunit;

namespace FastPath.Netns.Control;

/// <summary>fastpathd with containers: what the kernel's ping and TCP see of it.</summary>
public sealed class ForwardingTests
{
    private const string TwoBridges = """
        bridges:
          blue: {gateway: {addresses: [10.0.0.254/24, "fd00::fe/64"]}}
          red: {gateway: {addresses: [10.1.0.254/24, "fd00:1::fe/64"]}}
        ports:
          a:
            bridge: blue
            checksums: CHECKSUMS
            container: {namespace: NS-a, addresses: [10.0.0.1/24, "fd00::1/64"], gateways: [10.0.0.254, "fd00::fe"]}
          a2:
            bridge: blue
            checksums: CHECKSUMS
            container: {namespace: NS-c, addresses: [10.0.0.2/24, "fd00::2/64"], gateways: [10.0.0.254]}
          b:
            bridge: red
            mtu: 1400
            checksums: CHECKSUMS
            container: {namespace: NS-b, addresses: [10.1.0.1/24, "fd00:1::1/64"], gateways: [10.1.0.254, "fd00:1::fe"]}
        routes:
          - {prefix: 10.66.0.0/16, type: prohibit}
        """;

    [Theory]
    [InlineData("container")]
    [InlineData("device")]
    public void Containers_ping_and_speak_tcp_bridged_and_routed(string checksums)
    {
        using Topology topology = new();
        (Space host, Space a, Space b, Space c) = (topology.Add("host"), topology.Add("a"), topology.Add("b"), topology.Add("c"));
        using DaemonHost daemon = new(host, TwoBridges.Replace("CHECKSUMS", checksums, StringComparison.Ordinal));

        foreach (string address in (string[])["10.0.0.2", "fd00::2", "10.1.0.1", "fd00:1::1", "10.0.0.254", "fd00::fe", "10.1.0.254"])
            Assert.Equal(3, Ping.Run(a, address).Received);
        Assert.True(Iperf.Run(a, c, "10.0.0.2", 1).Bytes > 1 << 20);
        Assert.True(Iperf.Run(a, b, "10.1.0.1", 1).Bytes > 1 << 20);
        Assert.True(Iperf.Run(a, b, "fd00:1::1", 1, reverse: true).Bytes > 1 << 20);
    }

    [Fact]
    public void The_kernel_understands_icmp_errors()
    {
        using Topology topology = new();
        (Space host, Space a, _, _) = (topology.Add("host"), topology.Add("a"), topology.Add("b"), topology.Add("c"));
        using DaemonHost daemon = new(host, TwoBridges.Replace("CHECKSUMS", "container", StringComparison.Ordinal));
        Ping.Run(a, "10.1.0.1");
        Ping.Run(a, "fd00:1::1");

        Assert.Contains("From 10.0.0.254", Ping.Run(a, "10.1.0.1", 1, "-t", "1").Text, StringComparison.Ordinal);
        Assert.Contains("Time to live exceeded", Ping.Run(a, "10.1.0.1", 1, "-t", "1").Text, StringComparison.Ordinal);
        Assert.Contains("Destination Net Unreachable", Ping.Run(a, "10.99.0.1", 1).Text, StringComparison.Ordinal);
        Assert.Contains("Packet filtered", Ping.Run(a, "10.66.0.1", 1).Text, StringComparison.Ordinal);
        Assert.Contains("mtu = 1400", Ping.Run(a, "10.1.0.1", 1, "-M", "do", "-s", "1400").Text, StringComparison.Ordinal);
        Assert.Contains("mtu=1400", Ping.Run(a, "fd00:1::1", 1, "-M", "do", "-s", "1400").Text, StringComparison.Ordinal);
        Assert.Equal(3, Ping.Run(a, "10.1.0.1", 3, "-M", "do", "-s", "1372").Received);
        Assert.Contains("Time exceeded: Hop limit", Ping.Run(a, "fd00:1::1", 1, "-t", "1").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stopped_daemon_leaves_containers_their_interfaces_and_a_restart_takes_them_over()
    {
        using Topology topology = new();
        (Space host, Space a, Space b, Space c) = (topology.Add("host"), topology.Add("a"), topology.Add("b"), topology.Add("c"));
        string config = TwoBridges.Replace("CHECKSUMS", "container", StringComparison.Ordinal);
        string mac;
        using (DaemonHost first = new(host, config))
        {
            mac = a.Run("cat", "/sys/class/net/eth0/address").OrFail().Output;
            Assert.Equal(0, first.Stop().ExitCode);
            Assert.Equal(0, Ping.Run(a, "10.0.0.2", 1).Received);
        }

        using DaemonHost second = new(host, config);

        Assert.Equal(mac, a.Run("cat", "/sys/class/net/eth0/address").OrFail().Output);
        Assert.Equal(3, Ping.Run(a, "10.1.0.1").Received);
        _ = (b, c);
    }
}
