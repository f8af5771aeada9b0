using System;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;
using FastPath.Tests.Packets;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Nodes;

/// <summary>A gateway with the same MAC address on several nodes asks from an address of its own node.</summary>
public sealed class SharedGatewayTests : IDisposable
{
    private const string Mac1 = "02:00:00:00:01:01";
    private const string Shared = "02:00:00:00:03:03";
    private const string Node = "02:00:00:00:03:77";
    private const string Nobody = "00:00:00:00:00:00";

    private readonly SwitchBench _bench = new();
    private readonly MemoryPort _routed;
    private readonly MemoryPort _bridged;

    public SharedGatewayTests()
    {
        _routed = _bench.RoutedPort(Mac1, 1500, "10.1.0.1/24", "fd00:1::1/64");
        _bridged = _bench.BridgePort(1);
        _bench.ShareGateway(_bench.BridgeInterface(1, Shared, 1500, "10.3.0.1/24", "fd00:3::1/64"), Node);
        _bench.Commit();
    }

    private static string NodeLinkLocal => MacAddress.Parse(Node).LinkLocal().ToString();

    [Fact]
    public void Its_ARP_question_is_a_probe_from_the_nodes_address_and_the_answer_is_taken()
    {
        _bench.Receive(_routed, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.3.0.7", ttl: 9) / Udp(1, 2));
        Assert.Equal((byte[])(Eth("ff:ff:ff:ff:ff:ff", Node) / Arp(1, Node, "0.0.0.0", Nobody, "10.3.0.7")),
            SwitchBench.Only(_bridged));

        _bench.Receive(_bridged, Eth(Node, MacB) / Arp(2, MacB, "10.3.0.7", Node, "0.0.0.0"));

        Assert.Equal((byte[])(Eth(MacB, Shared) / Ip4("10.1.0.9", "10.3.0.7", ttl: 8) / Udp(1, 2)),
            SwitchBench.Only(_bridged));
        Assert.Equal(0, _bench.Dropped(DropReason.ArpNotForUs));
    }

    [Fact]
    public void Its_solicitation_is_from_the_nodes_link_local_address()
    {
        _bench.Receive(_routed, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:3::7", hops: 9) / Udp(1, 2));
        Assert.Equal((byte[])(Eth("33:33:ff:00:00:07", Node) / Ip6(NodeLinkLocal, "ff02::1:ff00:7", hops: 255)
            / Nd(135, "fd00:3::7", Node)), SwitchBench.Only(_bridged));

        _bench.Receive(_bridged, Eth(Node, MacB) / Ip6("fd00:3::7", NodeLinkLocal, hops: 255)
            / Nd(136, "fd00:3::7", MacB, 0x6000_0000));

        Assert.Equal((byte[])(Eth(MacB, Shared) / Ip6("fd00:1::9", "fd00:3::7", hops: 8) / Udp(1, 2)),
            SwitchBench.Only(_bridged));
    }

    [Theory]
    [InlineData(Node)]
    [InlineData(Shared)]
    public void Each_link_local_address_is_answered_for_with_its_own_MAC_address(string mac)
    {
        string address = MacAddress.Parse(mac).LinkLocal().ToString();
        _bench.Receive(_bridged, Eth(mac, MacB) / Ip6("fe80::9", address, hops: 255) / Nd(135, address, MacB));
        Assert.Equal((byte[])(Eth(MacB, mac) / Ip6(address, "fe80::9", hops: 255)
            / Nd(136, address, mac, 0xE000_0000)), SwitchBench.Only(_bridged));
    }

    [Fact]
    public void Its_address_is_answered_for_with_the_shared_MAC_address()
    {
        _bench.Receive(_bridged, Eth("ff:ff:ff:ff:ff:ff", MacB) / Arp(1, MacB, "10.3.0.9", Nobody, "10.3.0.1"));
        Assert.Equal((byte[])(Eth(MacB, Shared) / Arp(2, Shared, "10.3.0.1", MacB, "10.3.0.9")),
            SwitchBench.Only(_bridged));
    }

    public void Dispose() => _bench.Dispose();
}
