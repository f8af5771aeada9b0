using System.Collections.Generic;
using System.Linq;
using FastPath.Api;
using FastPath.Control.Config;
using FastPath.Control.Switch;
using FastPath.Control.Views;
using FastPath.Dataplane.Tables;
using FastPath.Net;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Control.Switch;

public sealed class TableBuilderTests
{
    private const string Overlay = """
        uplinks: {up: {device: up0}}
        vteps: {vt: {address: 192.0.2.1}}
        bridges: {blue: {vni: 7, vtep: vt, remotes: [192.0.2.2, 198.51.100.1], gateway: {addresses: [10.0.0.254/24]}}}
        ports: {a: {bridge: blue, container: {namespace: a}}}

        """;

    [Fact]
    public void A_gateway_routes_between_two_bridges()
    {
        using SwitchHarness harness = new("""
            bridges:
              blue: {gateway: {addresses: [10.0.0.254/24], mac: "02:00:00:00:00:b1"}}
              red: {gateway: {addresses: [10.1.0.254/24], mac: "02:00:00:00:00:b2"}}
            ports: {a: {device: a, bridge: blue}, b: {device: b, bridge: red}}
            neighbors: [{interface: red, address: 10.1.0.2, mac: "02:00:00:00:00:0b"}]
            """);

        harness.Receive("a", Eth("02:00:00:00:00:b1", MacA) / Ip4("10.0.0.1", "10.1.0.2", ttl: 9) / Udp(1, 2));

        Assert.Equal((byte[])(Eth(MacB, "02:00:00:00:00:b2") / Ip4("10.0.0.1", "10.1.0.2", ttl: 8) / Udp(1, 2)), harness.Sent("b"));
    }

    [Fact]
    public void A_tunnel_follows_the_route_to_its_remote_end_and_shows_the_mtu_it_leaves()
    {
        using SwitchHarness harness = new(Overlay);
        IReadOnlyList<BuiltTunnel> tunnels = harness.Switch.Built.Tunnels;

        Assert.Equal((1500, 1450), (tunnels[0].UnderlayMtu, tunnels[0].InnerMtu));
        Assert.Equal((0, 0), (tunnels[1].UnderlayMtu, tunnels[1].InnerMtu)); // no route
        Assert.Equal(1450, harness.Switch.Built.GatewayMtus["blue"]);
    }

    [Fact]
    public void A_container_of_a_bridge_with_tunnels_gets_the_mtu_of_the_way()
    {
        using SwitchHarness harness = new(Overlay);

        Assert.Equal(1450, harness.Switch.Slots["ports/a"].LastFacts.Mtu);
    }

    [Fact]
    public void A_route_gives_a_tunnel_its_next_hop()
    {
        using SwitchHarness harness = new(Overlay + "routes: [{prefix: 198.51.100.0/24, via: 192.0.2.9, interface: up}]\n");

        Assert.Equal(Ip4Address.Parse("192.0.2.9"), harness.Switch.Built.Tunnels[1].NextHop);
    }

    [Fact]
    public void Own_addresses_networks_and_their_ends_are_in_the_table()
    {
        using SwitchHarness harness = new("ports: {a: {device: a, addresses: [10.0.0.1/24]}}\n");
        SwitchTables tables = harness.Switch.Built.Tables;

        AdjacencyKind Kind(string address) => tables.Adjacencies[tables.Fib4.Lookup(Ip4Address.Parse(address))].Kind;

        Assert.Equal(AdjacencyKind.Local, Kind("10.0.0.1"));
        Assert.Equal(AdjacencyKind.Connected, Kind("10.0.0.2"));
        Assert.Equal(AdjacencyKind.NotRouted, Kind("10.0.0.255"));
        Assert.Equal(AdjacencyKind.NotRouted, Kind("10.0.0.0"));
        Assert.Equal(AdjacencyKind.NoRoute, Kind("10.0.1.1"));
    }

    /// <summary>What may be partial takes the slow way in every node that looks at checksums.</summary>
    [Fact]
    public void Packets_of_an_uplink_may_be_partial_unless_it_is_known_better()
    {
        using SwitchHarness harness = new(Overlay);
        int number = harness.Switch.Numbers.Of("uplinks/up");
        Assert.True(harness.Switch.Built.Tables.Ports[number].MayBePartial);

        PortSlot slot = harness.Switch.Slots["uplinks/up"];
        harness.Switch.Update(slot, slot.Open!.Facts with { MayBePartial = false });

        Assert.False(harness.Switch.Built.Tables.Ports[number].MayBePartial);
    }

    [Theory]
    [InlineData(null, "native", false)]
    [InlineData(null, "generic", true)]
    [InlineData("veth", "native", true)]
    [InlineData("macvlan", "generic", true)]
    public void Hardware_with_a_native_program_receives_whole_checksums(string? kind, string mode, bool expected)
    {
        FastPath.Xdp.Netlink.KernelLink link = new() { Index = 2, Name = "up0", Kind = kind };
        DeviceFacts facts = FastPath.Control.Switch.Kernel.LinkFacts.Update(new DeviceFacts { XdpMode = mode }, link, null);
        Assert.Equal(expected, facts.MayBePartial);
    }

    /// <summary>Many stations do not answer a question from another network than theirs.</summary>
    [Fact]
    public void A_neighbor_is_asked_from_the_address_in_its_own_network()
    {
        using SwitchHarness harness = new("""
            ports:
              a: {device: a, addresses: [10.0.0.1/24]}
              b: {device: b, addresses: [10.1.0.1/24, 10.2.0.1/24], mac: "02:00:00:00:00:b2"}
            routes: [{prefix: 10.9.0.0/16, via: 10.2.0.9, interface: b}]
            """);
        string gateway = harness.Switch.Built.Tables.Ports[harness.Port("a").Index].MacAddress.ToString();

        foreach ((string target, string from, string asked) in ((string, string, string)[])
            [("10.1.0.5", "10.1.0.1", "10.1.0.5"), ("10.2.0.5", "10.2.0.1", "10.2.0.5"), ("10.9.0.5", "10.2.0.1", "10.2.0.9")])
        {
            harness.Receive("a", Eth(gateway, MacA) / Ip4("10.0.0.7", target) / Udp(1, 2));
            byte[] question = Eth("ff:ff:ff:ff:ff:ff", "02:00:00:00:00:b2")
                / Arp(1, "02:00:00:00:00:b2", from, "00:00:00:00:00:00", asked);
            Assert.Equal(question, harness.Sent("b"));
            harness.Receive("b", Eth("02:00:00:00:00:b2", MacB) / Arp(2, MacB, asked, "02:00:00:00:00:b2", from));
            harness.Sent("b");
        }
    }

    [Fact]
    public void A_bridge_that_another_request_removes_is_shown_without_what_is_gone()
    {
        using SwitchHarness harness = new("bridges: {blue: }\n");

        BridgeView view = Assert.Single(NetworkViews.Bridges(harness.Switch, ConfigReader.Read("bridges: {removed: }\n")));

        Assert.Equal(("removed", 0), (view.Name, view.Ports.Count));
    }

    [Fact]
    public void A_default_route_does_not_lead_to_groups_and_reserved_addresses()
    {
        using SwitchHarness harness = new(
            "ports: {a: {device: a, addresses: [10.0.0.1/24]}}\nroutes: [{prefix: 0.0.0.0/0, via: 10.0.0.9}]\n");
        SwitchTables tables = harness.Switch.Built.Tables;

        foreach (string address in (string[])["224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"])
            Assert.Equal(AdjacencyKind.NotRouted, tables.Adjacencies[tables.Fib4.Lookup(Ip4Address.Parse(address))].Kind);
        Assert.Equal(AdjacencyKind.NextHop, tables.Adjacencies[tables.Fib4.Lookup(Ip4Address.Parse("223.255.255.255"))].Kind);
        Assert.DoesNotContain(harness.Switch.Built.Routes, route => route.Prefix.Length == 4);
    }

    [Fact]
    public void Static_addresses_and_gateways_are_in_the_forwarding_database()
    {
        using SwitchHarness harness = new("""
            bridges: {blue: {gateway: {addresses: [10.0.0.254/24]}}}
            ports: {a: {device: a, bridge: blue}}
            fdb: [{bridge: blue, mac: "02:00:00:00:00:0c", port: a}]
            """);

        Assert.Equal(["02:00:00:00:00:0c a", $"{harness.Switch.Config.Bridges["blue"].Gateway!.Mac} gateway"],
            FastPath.Control.Views.TableViews.Fdb(harness.Switch).Select(line => $"{line.Mac} {line.Target}").Order());

        harness.Apply("bridges: {blue: }\nports: {a: {device: a, bridge: blue}}\n");
        Assert.Equal(0, harness.Switch.Core.State.Fdb.Count);
    }
}
