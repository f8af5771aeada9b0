using System;
using System.Linq;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Tests.Packets;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Nodes;

public sealed class VxlanTests
{
    private const string UnderlayMac = "02:00:00:00:01:01";
    private const string RemoteMac = "02:00:00:00:01:02";
    private const string Local = "192.0.2.1";
    private const string Remote = "192.0.2.2";

    private sealed class Node : IDisposable
    {
        public Node(int mtu = 1600)
        {
            Underlay = Bench.RoutedPort(UnderlayMac, mtu, Local + "/24");
            Bench.Neighbor(Underlay.Index, Remote, RemoteMac);
            A = Bench.BridgePort(1, mtu: 9000, partial: true);
            Bench.Tunnel(1, 100, Local, Remote);
        }

        public SwitchBench Bench { get; } = new();

        public MemoryPort Underlay { get; }

        public MemoryPort A { get; }

        public void Dispose() => Bench.Dispose();
    }

    private static byte[] Outer(byte[] inner, uint vni = 100, string from = Remote, ushort sport = 50000,
        byte flags = 8, byte tos = 0) =>
        Eth(UnderlayMac, RemoteMac) / Ip4(from, Local, tos: tos) / Udp(sport, 4789) / Vxlan(vni, flags) / Raw(inner);

    [Fact]
    public void An_unknown_destination_goes_into_the_tunnel_with_the_headers_of_RFC_7348()
    {
        using Node node = new();
        node.Bench.Commit();
        byte[] inner = Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2);
        node.Bench.Receive(node.A, inner);
        byte[] frame = SwitchBench.Only(node.Underlay);
        int sport = (frame[34] << 8) | frame[35];
        Assert.InRange(sport, 49152, 65535);
        byte[] expected = Eth(RemoteMac, UnderlayMac) / Ip4(Local, Remote) / Udp(sport, 4789) / Vxlan(100) / Raw(inner);
        Assert.Equal(Unsummed(expected), frame); // no UDP checksum over IPv4
    }

    [Fact]
    public void The_source_port_is_the_flows_own()
    {
        using Node node = new();
        node.Bench.Commit();
        int[] ports = [.. Enumerable.Range(0, 64).Select(flow =>
        {
            node.Bench.Receive(node.A, Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1000 + flow, 2));
            byte[] frame = SwitchBench.Only(node.Underlay);
            return (frame[34] << 8) | frame[35];
        })];
        Assert.True(ports.Distinct().Count() > 55);
    }

    [Fact]
    public void A_frame_from_the_tunnel_is_bridged_and_its_sender_learned()
    {
        using Node node = new();
        MemoryPort second = node.Bench.BridgePort(1);
        node.Bench.Commit();
        byte[] inner = Eth("ff:ff:ff:ff:ff:ff", MacB) / Arp(1, MacB, "10.0.0.2", "00:00:00:00:00:00", "10.0.0.1");
        node.Bench.Receive(node.Underlay, Outer(inner));
        Assert.Equal(inner, SwitchBench.Only(node.A));
        Assert.Equal(inner, SwitchBench.Only(second));
        SwitchBench.Nothing(node.Underlay);
        node.Bench.Receive(node.A, Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2));
        SwitchBench.Only(node.Underlay);
        SwitchBench.Nothing(second);
    }

    [Fact]
    public void A_group_is_flooded_to_ports_and_every_remote_but_never_from_tunnel_to_tunnel()
    {
        using Node node = new();
        node.Bench.Tunnel(1, 100, Local, "192.0.2.3");
        node.Bench.Neighbor(node.Underlay.Index, "192.0.2.3", "02:00:00:00:01:03");
        MemoryPort second = node.Bench.BridgePort(1);
        node.Bench.Commit();
        byte[] inner = Eth("ff:ff:ff:ff:ff:ff", MacA) / Raw(new byte[46]);
        node.Bench.Receive(node.A, inner);
        Assert.Equal(inner, SwitchBench.Only(second));
        Assert.True(node.Underlay.TryTake(out byte[] one));
        Assert.True(node.Underlay.TryTake(out byte[] two));
        Assert.Equal(["192.0.2.2", "192.0.2.3"],
            new[] { one, two }.Select(f => $"{f[30]}.{f[31]}.{f[32]}.{f[33]}").Order());
        Assert.All(new[] { one, two }, frame => Assert.Equal(inner, frame[50..]));
        node.Bench.Receive(node.Underlay, Outer(Eth("ff:ff:ff:ff:ff:ff", MacB)));
        SwitchBench.Nothing(node.Underlay);
        SwitchBench.Only(second);
        SwitchBench.Only(node.A);
    }

    /// <summary>Two nodes that hold a station for a third's would send its frames around for ever.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_frame_from_one_tunnel_does_not_enter_another_where_its_destination_is_known(bool isNews)
    {
        using Node node = new();
        int third = node.Bench.Tunnel(1, 100, Local, "192.0.2.3");
        node.Bench.Neighbor(node.Underlay.Index, "192.0.2.3", "02:00:00:00:01:03");
        node.Bench.State.Fdb.SetStatic(FdbTable.Key(1, FastPath.Net.MacAddress.Parse(MacA).Value), third);
        node.Bench.Commit();
        if (!isNews)
        {
            node.Bench.Receive(node.Underlay, Outer(Eth("ff:ff:ff:ff:ff:ff", MacB)));
            SwitchBench.Only(node.A);
        }

        node.Bench.Receive(node.Underlay, Outer(Eth(MacA, MacB) / Raw(new byte[46])));

        SwitchBench.Nothing(node.Underlay);
        Assert.Equal(1, node.Bench.Dropped(DropReason.SplitHorizon));
        node.Bench.Receive(node.A, Eth(MacA, "02:00:00:00:00:0c") / Raw(new byte[46]));
        SwitchBench.Only(node.Underlay);
    }

    [Fact]
    public void Strangers_unknown_networks_and_malformed_headers_are_dropped_by_name()
    {
        using Node node = new();
        node.Bench.Commit();
        byte[] inner = Eth(MacA, MacB);
        node.Bench.Receive(node.Underlay, Outer(inner, vni: 101));
        node.Bench.Receive(node.Underlay, Outer(inner, from: "192.0.2.66"));
        node.Bench.Receive(node.Underlay, Outer(inner, flags: 0));
        node.Bench.Receive(node.Underlay, Outer(inner[..13]));
        byte[] corrupt = Outer(inner);
        corrupt[^1] ^= 1;
        node.Bench.Receive(node.Underlay, corrupt);
        SwitchBench.Nothing(node.A);
        Assert.Equal(1, node.Bench.Dropped(DropReason.UnknownVni));
        Assert.Equal(1, node.Bench.Dropped(DropReason.UnknownVtep));
        Assert.Equal(1, node.Bench.Dropped(DropReason.BadVxlan));
        Assert.Equal(1, node.Bench.Dropped(DropReason.Truncated));
        Assert.Equal(1, node.Bench.Dropped(DropReason.BadUdpChecksum));
    }

    [Fact]
    public void Reserved_bits_are_ignored_and_a_zero_checksum_is_accepted()
    {
        using Node node = new();
        node.Bench.Commit();
        byte[] frame = Outer(Eth(MacA, MacB) / Raw(new byte[46]), flags: 0xFF);
        frame[40] = frame[41] = 0;
        node.Bench.Receive(node.Underlay, frame);
        SwitchBench.Only(node.A);
    }

    [Fact]
    public void What_does_not_fit_is_answered_to_the_inner_sender_in_the_name_of_its_destination()
    {
        using Node node = new(mtu: 1500);
        node.Bench.Commit();
        node.Bench.Receive(node.A, Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2, payload: 1450 - 27));
        byte[] error = SwitchBench.Only(node.A);
        Assert.Equal(MacA, FastPath.Net.Wire.Read<FastPath.Net.MacAddress>(error).ToString());
        Assert.Equal([3, 4], error.AsSpan(34, 2).ToArray());
        Assert.Equal([0, 0, 1450 >> 8, 1450 & 255], error.AsSpan(38, 4).ToArray());
        Assert.Equal([10, 0, 0, 2, 10, 0, 0, 1], error.AsSpan(26, 8).ToArray());
        node.Bench.Receive(node.A, Eth(MacB, MacA) / Ip6("fd00::1", "fd00::2") / Udp(1, 2, payload: 1450 - 47));
        byte[] error6 = SwitchBench.Only(node.A);
        Assert.Equal([2, 0], error6.AsSpan(54, 2).ToArray());
        Assert.Equal([0, 0, 1450 >> 8, 1450 & 255], error6.AsSpan(58, 4).ToArray());
        node.Bench.Receive(node.A, Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2, payload: 1450 - 28));
        Assert.Equal(1514, SwitchBench.Only(node.Underlay).Length);
        Assert.Equal(2, node.Bench.Dropped(DropReason.TooBig));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(5001)]
    public void A_partial_checksum_is_completed_before_it_leaves_the_node(int payload)
    {
        using Node node = new(mtu: 9000);
        node.Bench.Commit();
        byte[] whole = Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Tcp(1, 2, payload: payload);
        byte[] partial = (byte[])whole.Clone();
        ushort pseudo = FastPath.Net.InternetChecksum.PseudoHeader(FastPath.Net.Ip4Address.Parse("10.0.0.1"),
            FastPath.Net.Ip4Address.Parse("10.0.0.2"), FastPath.Net.IpProtocol.Tcp, payload + 20);
        partial[14 + 20 + 16] = (byte)(pseudo >> 8);
        partial[14 + 20 + 17] = (byte)pseudo;
        node.Bench.Receive(node.A, partial);
        Assert.Equal(whole, SwitchBench.Only(node.Underlay)[50..]);
    }

    /// <summary>
    /// A VXLAN peer on a veth leaves the inner checksum to a device that is not there: it must be whole before the
    /// frame leaves the node. The peer's outer checksum, when it has one, is right for the whole packet.
    /// </summary>
    [Theory]
    [InlineData(false, 101)]
    [InlineData(true, 100)]
    [InlineData(true, 101)]
    public void A_partial_checksum_from_a_tunnel_is_completed_before_it_leaves_the_node(bool hasOuter, int payload)
    {
        using SwitchBench bench = new();
        MemoryPort underlay = bench.RoutedPort(UnderlayMac, 1600, Local + "/24");
        bench.Partial(underlay);
        MemoryPort one = bench.RoutedPort("02:00:00:00:01:07", 1600, "198.51.100.1/24");
        bench.Neighbor(one.Index, "198.51.100.2", RemoteMac);
        int first = bench.Tunnel(1, 100, Local, Remote);
        bench.BridgeInterface(1, "02:00:00:00:09:09", 1500, "10.0.0.254/24");
        bench.BridgePort(2);
        int second = bench.Tunnel(2, 200, "198.51.100.1", "198.51.100.2");
        int gateway = bench.BridgeInterface(2, "02:00:00:00:09:0a", 1500, "10.2.0.254/24");
        bench.Neighbor(gateway, "10.2.0.2", MacB);
        bench.State.Fdb.SetStatic(FdbTable.Key(2, FastPath.Net.MacAddress.Parse(MacB).Value), second);
        bench.Commit();
        Assert.NotEqual(first, second);
        byte[] whole = Eth("02:00:00:00:09:09", MacA) / Ip4("10.0.0.1", "10.2.0.2", ttl: 9)
            / Tcp(1, 2, payload: payload);
        byte[] frame = Outer(whole);
        if (!hasOuter)
            frame[40] = frame[41] = 0;
        ushort pseudo = FastPath.Net.InternetChecksum.PseudoHeader(FastPath.Net.Ip4Address.Parse("10.0.0.1"),
            FastPath.Net.Ip4Address.Parse("10.2.0.2"), FastPath.Net.IpProtocol.Tcp, payload + 20);
        frame[50 + 14 + 20 + 16] = (byte)(pseudo >> 8);
        frame[50 + 14 + 20 + 17] = (byte)pseudo;

        bench.Receive(underlay, frame);

        byte[] sent = Eth(MacB, "02:00:00:00:09:0a") / Ip4("10.0.0.1", "10.2.0.2", ttl: 8)
            / Tcp(1, 2, payload: payload);
        Assert.Equal(sent, SwitchBench.Only(one)[50..]);
    }

    /// <summary>The kernel does the same (INET_ECN_decapsulate).</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void Congestion_that_the_underlay_marked_reaches_the_inner_packet_or_costs_it(byte ecn, bool passes)
    {
        using Node node = new();
        node.Bench.Commit();
        byte[] inner = Eth(MacA, MacB) / Ip4("10.0.0.2", "10.0.0.1", tos: ecn) / Udp(1, 2);
        byte[] marked = Eth(MacA, MacB) / Ip4("10.0.0.2", "10.0.0.1", tos: 3) / Udp(1, 2);
        foreach (byte outer in new byte[] { 0, 1, 2 })
        {
            node.Bench.Receive(node.Underlay, Outer(inner, tos: outer));
            Assert.Equal(inner, SwitchBench.Only(node.A));
        }

        // Without an outer checksum nothing but the mark keeps it from the fast way.
        foreach (byte[] frame in new[] { Outer(inner, tos: 3), Unsummed(Outer(inner, tos: 3)) })
        {
            node.Bench.Receive(node.Underlay, frame);
            if (passes)
                Assert.Equal(marked, SwitchBench.Only(node.A));
            SwitchBench.Nothing(node.A);
        }

        Assert.Equal(passes ? 0 : 2, node.Bench.Dropped(DropReason.Congested));
    }

    [Fact]
    public void Frames_inside_frames_end_at_the_limit()
    {
        using Node node = new();
        node.Bench.BridgeInterface(1, "02:00:00:00:09:09", 1500, "10.0.0.254/24");
        node.Bench.Neighbor(4, "10.0.0.9", MacA);
        node.Bench.Tunnel(1, 100, "10.0.0.254", "10.0.0.9");
        node.Bench.Commit();
        byte[] frame = Eth(MacA, MacB);
        for (int depth = 0; depth < 6; depth++)
            frame = Eth("02:00:00:00:09:09", MacB) / Ip4("10.0.0.9", "10.0.0.254") / Udp(5, 4789) / Vxlan(100)
                / Raw(frame);
        node.Bench.Receive(node.Underlay, Outer(frame));
        Assert.Equal(1, node.Bench.Dropped(DropReason.TooDeep));
    }

    [Fact]
    public void A_tunnel_through_a_bridge_is_refused_before_its_neighbor_is_asked_for()
    {
        using SwitchBench bench = new();
        MemoryPort a = bench.BridgePort(1);
        MemoryPort b = bench.BridgePort(2);
        bench.BridgeInterface(2, UnderlayMac, 1600, Local + "/24");
        bench.Tunnel(1, 100, Local, Remote);
        bench.Commit();
        bench.Receive(a, Eth(MacB, MacA));
        Assert.Equal(1, bench.Dropped(DropReason.TunnelUnreachable));
        Assert.Equal(0, bench.Worker.Resolver.HeldCount);
        Assert.False(b.TryTake(out _));
    }

    [Fact]
    public void A_tunnel_packet_that_waited_does_not_enter_a_bridge_that_its_route_has_moved_to()
    {
        using SwitchBench bench = new();
        MemoryPort a = bench.BridgePort(1);
        MemoryPort b = bench.BridgePort(2);
        MemoryPort underlay = bench.RoutedPort(UnderlayMac, 1600, Local + "/24");
        int bridge = bench.BridgeInterface(2, "02:00:00:00:01:05", 1600, "198.51.100.1/24");
        bench.Tunnel(1, 100, Local, Remote);
        bench.Commit();
        bench.Receive(a, Eth(MacB, MacA));
        Assert.Equal(1, bench.Worker.Resolver.HeldCount);

        bench.Route(Remote + "/32", AdjacencyKind.Connected, bridge);
        bench.Neighbor(bridge, Remote, RemoteMac);
        bench.Commit();
        bench.Receive(underlay, Eth(UnderlayMac, RemoteMac) / Arp(2, RemoteMac, Remote, UnderlayMac, Local));
        Assert.Equal(1, bench.Dropped(DropReason.TunnelUnreachable));
        Assert.False(b.TryTake(out _));
    }

    /// <summary>
    /// Without an outer checksum, which is the common way, and one after the other in a batch: what the first packet's
    /// look-up has found must not serve the second.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_container_that_forges_a_packet_of_the_tunnel_is_refused(bool behindAGoodOne)
    {
        using Node node = new();
        MemoryPort container = node.Bench.RoutedPort("02:00:00:00:01:07", 1600, "10.9.0.254/24");
        node.Bench.Commit();
        byte[] inner = Eth(MacA, MacB) / Ip4("10.0.0.2", "10.0.0.1") / Udp(1, 2);
        byte[] frame = Unsummed(Outer(inner));
        if (behindAGoodOne)
            node.Underlay.Inject(frame);
        container.Inject(To("02:00:00:00:01:07", frame));
        node.Bench.Run();

        Assert.Equal(1, node.Bench.Dropped(DropReason.NotUnderlay));
        if (behindAGoodOne)
            Assert.Equal(inner, SwitchBench.Only(node.A));
        SwitchBench.Nothing(node.A);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_packet_of_the_tunnel_may_come_by_any_shared_uplink(bool hasChecksum)
    {
        using Node node = new();
        MemoryPort second = node.Bench.RoutedPort("02:00:00:00:01:07", 1600, "198.51.100.1/24");
        node.Bench.ShareWithKernel(second);
        node.Bench.Commit();
        byte[] inner = Eth(MacA, MacB) / Ip4("10.0.0.2", "10.0.0.1") / Udp(1, 2);
        byte[] frame = Outer(inner);
        node.Bench.Receive(second, To("02:00:00:00:01:07", hasChecksum ? frame : Unsummed(frame)));

        Assert.Equal(inner, SwitchBench.Only(node.A));
    }

    private static byte[] To(string mac, byte[] frame) => [.. Eth(mac, RemoteMac).ToBytes()[..6], .. frame[6..]];

    private static byte[] Unsummed(byte[] frame)
    {
        frame[40] = frame[41] = 0;
        return frame;
    }
}
