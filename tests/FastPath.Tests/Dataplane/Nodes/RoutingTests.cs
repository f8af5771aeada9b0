using System;
using System.Collections.Generic;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Tests.Packets;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Nodes;

public sealed class RoutingTests
{
    private const string Mac1 = "02:00:00:00:01:01";
    private const string Mac2 = "02:00:00:00:02:02";

    private static (MemoryPort One, MemoryPort Two) TwoNetworks(SwitchBench bench, int mtu = 1500)
    {
        MemoryPort one = bench.RoutedPort(Mac1, mtu, "10.1.0.1/24", "fd00:1::1/64");
        MemoryPort two = bench.RoutedPort(Mac2, mtu, "10.2.0.1/24", "fd00:2::1/64");
        bench.Neighbor(one.Index, "10.1.0.9", MacA);
        bench.Neighbor(one.Index, "fd00:1::9", MacA);
        return (one, two);
    }

    [Fact]
    public void Forwards_with_the_next_hops_header_and_one_hop_less()
    {
        using SwitchBench bench = new();
        (MemoryPort one, MemoryPort two) = TwoNetworks(bench);
        bench.Neighbor(two.Index, "10.2.0.9", MacB);
        bench.Neighbor(two.Index, "fd00:2::9", MacB);
        bench.Commit();
        bench.Receive(one, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.9", ttl: 7) / Udp(1, 2));
        Assert.Equal((byte[])(Eth(MacB, Mac2) / Ip4("10.1.0.9", "10.2.0.9", ttl: 6) / Udp(1, 2)),
            SwitchBench.Only(two));
        bench.Receive(one, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:2::9", hops: 7) / Udp(1, 2));
        Assert.Equal((byte[])(Eth(MacB, Mac2) / Ip6("fd00:1::9", "fd00:2::9", hops: 6) / Udp(1, 2)),
            SwitchBench.Only(two));
    }

    [Fact]
    public void Ethernet_padding_is_cut_off()
    {
        using SwitchBench bench = new();
        (MemoryPort one, MemoryPort two) = TwoNetworks(bench);
        bench.Neighbor(two.Index, "10.2.0.9", MacB);
        bench.Commit();
        bench.Receive(one, [.. (byte[])(Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.9") / Udp(1, 2, payload: 1)), 0, 0, 0,
            0]);
        Assert.Equal(14 + 20 + 8 + 1, SwitchBench.Only(two).Length);
    }

    [Fact]
    public void The_longest_prefix_wins_and_a_next_hop_is_used()
    {
        using SwitchBench bench = new();
        (MemoryPort one, MemoryPort two) = TwoNetworks(bench);
        bench.Route("10.9.0.0/16", AdjacencyKind.NextHop, two.Index, via: "10.2.0.254");
        bench.Route("10.9.1.0/24", AdjacencyKind.Blackhole);
        bench.Neighbor(two.Index, "10.2.0.254", MacB);
        bench.Commit();
        bench.Receive(one, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.9.2.1") / Udp(1, 2));
        SwitchBench.Only(two);
        bench.Receive(one, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.9.1.1") / Udp(1, 2));
        SwitchBench.Nothing(two);
        Assert.Equal(1, bench.Dropped(DropReason.Blackhole));
    }

    [Fact]
    public void An_unknown_neighbor_is_asked_for_by_ARP_and_its_packets_follow()
    {
        using SwitchBench bench = new();
        (MemoryPort one, MemoryPort two) = TwoNetworks(bench);
        bench.Commit();
        for (int n = 0; n < 3; n++)
            bench.Receive(one, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.9", id: (ushort)n) / Udp(1, 2));
        Assert.Equal((byte[])(Eth("ff:ff:ff:ff:ff:ff", Mac2)
            / Arp(1, Mac2, "10.2.0.1", "00:00:00:00:00:00", "10.2.0.9")),
            SwitchBench.Only(two));
        bench.CheckAccount();
        bench.Receive(two, Eth(Mac2, MacB) / Arp(2, MacB, "10.2.0.9", Mac2, "10.2.0.1"));
        for (int n = 0; n < 3; n++)
        {
            Assert.True(two.TryTake(out byte[] frame));
            Assert.Equal((byte[])(Eth(MacB, Mac2) / Ip4("10.1.0.9", "10.2.0.9", ttl: 63, id: (ushort)n) / Udp(1, 2)),
                frame);
        }

        SwitchBench.Nothing(two);
    }

    [Fact]
    public void An_unknown_neighbor_is_asked_for_by_solicitation_and_its_packets_follow()
    {
        using SwitchBench bench = new();
        (MemoryPort one, MemoryPort two) = TwoNetworks(bench);
        bench.Commit();
        bench.Receive(one, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:2::9") / Udp(1, 2));
        Assert.Equal((byte[])(Eth("33:33:ff:00:00:09", Mac2) / Ip6("fd00:2::1", "ff02::1:ff00:9", hops: 255)
            / Nd(135, "fd00:2::9", Mac2)), SwitchBench.Only(two));
        bench.Receive(two, Eth(Mac2, MacB) / Ip6("fd00:2::9", "fd00:2::1", hops: 255)
            / Nd(136, "fd00:2::9", MacB, 0x6000_0000));
        Assert.Equal((byte[])(Eth(MacB, Mac2) / Ip6("fd00:1::9", "fd00:2::9", hops: 63) / Udp(1, 2)),
            SwitchBench.Only(two));
    }

    [Fact]
    public void An_advertisement_without_override_does_not_replace_a_known_address()
    {
        using SwitchBench bench = new();
        (MemoryPort one, MemoryPort two) = TwoNetworks(bench);
        bench.Commit();
        bench.Receive(one, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:2::9") / Udp(1, 2));
        SwitchBench.Only(two);
        bench.Receive(two, Eth(Mac2, MacB) / Ip6("fd00:2::9", "fd00:2::1", hops: 255)
            / Nd(136, "fd00:2::9", MacB, 0x4000_0000));
        Assert.Equal(MacB, DestinationOf(SwitchBench.Only(two)));
        bench.Receive(two, Eth(Mac2, MacA) / Ip6("fd00:2::9", "fd00:2::1", hops: 255)
            / Nd(136, "fd00:2::9", MacA, 0x4000_0000));
        bench.Receive(one, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:2::9") / Udp(1, 2));
        Assert.Equal(MacB, DestinationOf(SwitchBench.Only(two)));
        bench.Receive(two, Eth(Mac2, MacA) / Ip6("fd00:2::9", "fd00:2::1", hops: 255)
            / Nd(136, "fd00:2::9", MacA, 0x6000_0000));
        bench.Receive(one, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:2::9") / Udp(1, 2));
        Assert.Equal(MacA, DestinationOf(SwitchBench.Only(two)));
    }

    [Fact]
    public void A_solicitation_with_a_zero_address_teaches_nothing()
    {
        using SwitchBench bench = new();
        (MemoryPort one, _) = TwoNetworks(bench);
        bench.Commit();
        int known = bench.State.Neighbors.Count;
        bench.Receive(one, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:1::1", hops: 255)
            / Nd(135, "fd00:1::1", "00:00:00:00:00:00"));
        Assert.Equal(MacA, DestinationOf(SwitchBench.Only(one)));
        Assert.Equal(known, bench.State.Neighbors.Count);
    }

    private static string DestinationOf(byte[] frame) => FastPath.Net.MacAddress.FromBits(
        System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(frame) & 0xFFFF_FFFF_FFFF).ToString();

    [Fact]
    public void A_sender_whose_port_has_gone_while_its_packet_waited_is_not_answered()
    {
        using SwitchBench bench = new();
        (MemoryPort one, MemoryPort two) = TwoNetworks(bench);
        bench.Route("fd00:1::/64", AdjacencyKind.NextHop, two.Index, via: "fd00:2::fe");
        bench.Neighbor(two.Index, "fd00:2::fe", MacB);
        bench.Commit();
        bench.Receive(one, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:2::9") / Udp(1, 2));
        bench.Receive(one, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.9") / Udp(1, 2));
        Assert.Equal(2, bench.Worker.Resolver.HeldCount);
        bench.Remove(one);
        bench.Commit();
        for (int second = 0; second < 3; second++)
        {
            SentBy(two).ForEach(question => Assert.Equal(1, question[0] & 1)); // a group: no error to anybody
            bench.Wait(1);
        }

        Assert.Equal(2, bench.Dropped(DropReason.NeighborUnresolved));
        Assert.False(two.TryTake(out _));
    }

    [Fact]
    public void A_silent_neighbor_is_asked_three_times_and_then_the_sender_hears()
    {
        using SwitchBench bench = new();
        (MemoryPort one, MemoryPort two) = TwoNetworks(bench);
        bench.Commit();
        bench.Receive(one, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.9") / Udp(1, 2));
        bench.Receive(one, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:2::9") / Udp(1, 2));
        for (int second = 0; second < 4; second++)
            bench.Wait(1.01);
        int questions = 0;
        while (two.TryTake(out _))
            questions++;
        Assert.Equal(6, questions);
        Assert.Equal(2, bench.Dropped(DropReason.NeighborUnresolved));
        Assert.True(one.TryTake(out byte[] error6) & one.TryTake(out byte[] error4));
        if (error4[12] != 8)
            (error4, error6) = (error6, error4); // in which order they are given up does not matter
        Assert.Equal([3, 1], error4.AsSpan(34, 2).ToArray());
        Assert.Equal([1, 3], error6.AsSpan(54, 2).ToArray());
    }

    [Fact]
    public void Packets_for_a_neighbor_wait_in_a_bounded_queue()
    {
        using SwitchBench bench = new();
        (MemoryPort one, MemoryPort two) = TwoNetworks(bench);
        bench.Commit();
        for (int n = 0; n < 20; n++)
        {
            bench.Receive(one, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.9") / Udp(1, 2));
            bench.Receive(one, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:2::9") / Udp(1, 2));
        }

        Assert.Equal(8, bench.Dropped(DropReason.NeighborQueueFull));
        Assert.Equal(32, bench.Worker.Resolver.HeldCount);
        bench.CheckAccount();
        Assert.True(two.TryTake(out _));
    }

    [Fact]
    public void Answers_ARP_for_its_own_addresses_only()
    {
        using SwitchBench bench = new();
        (MemoryPort one, _) = TwoNetworks(bench);
        bench.Commit();
        bench.Receive(one, Eth("ff:ff:ff:ff:ff:ff", MacA) / Arp(1, MacA, "10.1.0.9", "00:00:00:00:00:00", "10.1.0.1"));
        Assert.Equal((byte[])(Eth(MacA, Mac1) / Arp(2, Mac1, "10.1.0.1", MacA, "10.1.0.9")), SwitchBench.Only(one));
        // The address of the other port is ours, but not on this link.
        bench.Receive(one, Eth("ff:ff:ff:ff:ff:ff", MacA) / Arp(1, MacA, "10.1.0.9", "00:00:00:00:00:00", "10.2.0.1"));
        bench.Receive(one, Eth("ff:ff:ff:ff:ff:ff", MacA) / Arp(1, MacA, "10.1.0.9", "00:00:00:00:00:00", "10.1.0.77"));
        SwitchBench.Nothing(one);
        Assert.Equal(2, bench.Dropped(DropReason.ArpNotForUs));
        bench.Receive(one, Eth("ff:ff:ff:ff:ff:ff", MacA) / Arp(3, MacA, "10.1.0.9", "00:00:00:00:00:00", "10.1.0.1"));
        bench.Receive(one, Eth("ff:ff:ff:ff:ff:ff", MacA, 0x0806));
        Assert.Equal(2, bench.Dropped(DropReason.BadArp));
    }

    [Fact]
    public void Answers_solicitations_for_its_own_addresses_and_probes()
    {
        using SwitchBench bench = new();
        (MemoryPort one, _) = TwoNetworks(bench);
        bench.Commit();
        const string Group = "33:33:ff:00:00:01";
        bench.Receive(one, Eth(Group, MacA) / Ip6("fd00:1::9", "ff02::1:ff00:1", hops: 255)
            / Nd(135, "fd00:1::1", MacA));
        Assert.Equal((byte[])(Eth(MacA, Mac1) / Ip6("fd00:1::1", "fd00:1::9", hops: 255)
            / Nd(136, "fd00:1::1", Mac1, 0xE000_0000)),
            SwitchBench.Only(one));
        bench.Receive(one, Eth(Group, MacA) / Ip6("::", "ff02::1:ff00:1", hops: 255) / Nd(135, "fd00:1::1", null));
        Assert.Equal((byte[])(Eth("33:33:00:00:00:01", Mac1) / Ip6("fd00:1::1", "ff02::1", hops: 255)
            / Nd(136, "fd00:1::1", Mac1, 0xA000_0000)), SwitchBench.Only(one));
        string linkLocal = FastPath.Net.MacAddress.Parse(Mac1).LinkLocal().ToString();
        bench.Receive(one, Eth(Mac1, MacA) / Ip6("fe80::9", linkLocal, hops: 255) / Nd(135, linkLocal, MacA));
        Assert.Equal((byte[])(Eth(MacA, Mac1) / Ip6(linkLocal, "fe80::9", hops: 255)
            / Nd(136, linkLocal, Mac1, 0xE000_0000)),
            SwitchBench.Only(one));
        bench.Receive(one, Eth(Group, MacA) / Ip6("fd00:1::9", "ff02::1:ff00:7", hops: 255)
            / Nd(135, "fd00:1::7", MacA));
        Assert.Equal(1, bench.Dropped(DropReason.NeighborNotForUs));
    }

    [Fact]
    public void Forged_neighbor_discovery_is_dropped()
    {
        using SwitchBench bench = new();
        (MemoryPort one, _) = TwoNetworks(bench);
        bench.Commit();
        bench.Receive(one, Eth("33:33:00:00:00:01", MacA) / Ip6("::", "ff02::1", hops: 255)
            / Nd(135, "fd00:1::1", null));
        bench.Receive(one, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:1::1", hops: 254) / Nd(135, "fd00:1::1", MacA));
        bench.Receive(one, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:1::1", hops: 255) / Nd(135, "ff02::1", MacA));
        bench.Receive(one, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:1::1", hops: 255) / Nd(135, "fd00:1::1", null)
            / Raw(1, 0, 0, 0, 0, 0, 0, 0));
        byte[] corrupt = Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:1::1", hops: 255) / Nd(135, "fd00:1::1", MacA);
        corrupt[^1] ^= 1;
        bench.Receive(one, corrupt);
        Assert.Equal(5, bench.Dropped(DropReason.BadNeighborDiscovery));
        SwitchBench.Nothing(one);
    }

    [Fact]
    public void Answers_pings_of_its_own_addresses()
    {
        using SwitchBench bench = new();
        (MemoryPort one, _) = TwoNetworks(bench);
        bench.Commit();
        bench.Receive(one, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.1", ttl: 1) / Icmp4(8));
        Assert.Equal((byte[])(Eth(MacA, Mac1) / Ip4("10.2.0.1", "10.1.0.9") / Icmp4(0)), SwitchBench.Only(one));
        bench.Receive(one, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:2::1", hops: 1) / Icmp6(128));
        Assert.Equal((byte[])(Eth(MacA, Mac1) / Ip6("fd00:2::1", "fd00:1::9") / Icmp6(129)), SwitchBench.Only(one));
        byte[] corrupt = Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.1.0.1") / Icmp4(8);
        corrupt[^1] ^= 1;
        bench.Receive(one, corrupt);
        byte[] corrupt6 = Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:1::1") / Icmp6(128);
        corrupt6[^1] ^= 1;
        bench.Receive(one, corrupt6);
        Assert.Equal(2, bench.Dropped(DropReason.BadIcmp));
    }

    [Fact]
    public void A_packet_whose_TTL_ends_is_answered_from_the_incoming_interface()
    {
        using SwitchBench bench = new();
        (MemoryPort one, MemoryPort two) = TwoNetworks(bench);
        bench.Commit();
        byte[] packet = Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.9", ttl: 1) / Udp(1, 2);
        bench.Receive(one, packet);
        Assert.Equal((byte[])(Eth(MacA, Mac1) / Ip4("10.1.0.1", "10.1.0.9", df: false, tos: 0xC0) / Icmp4(11, rest: 0)
            / Raw(packet[14..])), SwitchBench.Only(one));
        byte[] packet6 = Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:2::9", hops: 1) / Udp(1, 2);
        bench.Receive(one, packet6);
        Assert.Equal((byte[])(Eth(MacA, Mac1) / Ip6("fd00:1::1", "fd00:1::9") / Icmp6(3, rest: 0, body: packet6[14..])),
            SwitchBench.Only(one));
        Assert.Equal(2, bench.Dropped(DropReason.TtlExpired));
        SwitchBench.Nothing(two);
    }

    [Fact]
    public void A_packet_beyond_the_MTU_is_answered_with_the_MTU()
    {
        using SwitchBench bench = new();
        (MemoryPort one, MemoryPort two) = TwoNetworks(bench, mtu: 1300);
        bench.Commit();
        bench.Receive(one, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.9") / Udp(1, 2, payload: 1280));
        byte[] error = SwitchBench.Only(one);
        Assert.Equal([3, 4], error.AsSpan(34, 2).ToArray());
        Assert.Equal([0, 0, 1300 >> 8, 1300 & 255], error.AsSpan(38, 4).ToArray());
        Assert.Equal(14 + 576, error.Length);
        bench.Receive(one, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:2::9") / Udp(1, 2, payload: 1280));
        byte[] error6 = SwitchBench.Only(one);
        Assert.Equal([2, 0], error6.AsSpan(54, 2).ToArray());
        Assert.Equal([0, 0, 1300 >> 8, 1300 & 255], error6.AsSpan(58, 4).ToArray());
        Assert.Equal(14 + 1280, error6.Length);
        bench.Receive(one, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.9", df: false) / Udp(1, 2, payload: 1280));
        Assert.Equal(3, bench.Dropped(DropReason.TooBig));
        SwitchBench.Nothing(two);
    }

    [Fact]
    public void What_has_no_route_or_service_is_answered_and_counted()
    {
        using SwitchBench bench = new();
        (MemoryPort one, _) = TwoNetworks(bench);
        bench.Route("10.8.0.0/16", AdjacencyKind.Unreachable);
        bench.Route("10.7.0.0/16", AdjacencyKind.Prohibit);
        bench.Route("fd08::/16", AdjacencyKind.Unreachable);
        bench.Route("fd07::/16", AdjacencyKind.Prohibit);
        bench.Route("224.0.0.0/4", AdjacencyKind.NotRouted);
        bench.Commit();
        (string To, byte Type, byte Code)[] cases4 =
            [("11.0.0.1", 3, 0), ("10.8.0.1", 3, 1), ("10.7.0.1", 3, 13), ("10.1.0.1", 3, 3)];
        foreach ((string to, byte type, byte code) in cases4)
        {
            bench.Receive(one, Eth(Mac1, MacA) / Ip4("10.1.0.9", to) / Udp(1, 2));
            Assert.Equal([type, code], SwitchBench.Only(one).AsSpan(34, 2).ToArray());
        }

        (string To, byte Type, byte Code)[] cases6 =
            [("fd99::1", 1, 0), ("fd08::1", 1, 3), ("fd07::1", 1, 1), ("fd00:1::1", 1, 4)];
        foreach ((string to, byte type, byte code) in cases6)
        {
            bench.Receive(one, Eth(Mac1, MacA) / Ip6("fd00:1::9", to) / Tcp(1, 2));
            Assert.Equal([type, code], SwitchBench.Only(one).AsSpan(54, 2).ToArray());
        }

        bench.Receive(one, Eth("01:00:5e:01:01:01", MacA) / Ip4("10.1.0.9", "224.1.1.1") / Udp(1, 2));
        bench.Receive(one, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.1.0.1", protocol: 132) / Raw(1, 2, 3, 4));
        Assert.Equal(1, bench.Dropped(DropReason.NotRouted));
        Assert.Equal(3, bench.Dropped(DropReason.NoLocalService));
        Assert.Equal(2, bench.Dropped(DropReason.NoRoute));
        Assert.Equal(4, bench.Dropped(DropReason.Prohibited));
    }

    [Fact]
    public void No_error_is_sent_about_errors_fragments_and_groups_and_not_too_many()
    {
        using SwitchBench bench = new();
        (MemoryPort one, _) = TwoNetworks(bench);
        bench.Commit();
        bench.Receive(one, Eth(Mac1, MacA) / Ip4("10.1.0.9", "11.0.0.1") / Icmp4(11));
        bench.Receive(one, Eth(Mac1, MacA) / Ip4("10.1.0.9", "11.0.0.1", df: false, offset: 8) / Udp(1, 2));
        bench.Receive(one, Eth("ff:ff:ff:ff:ff:ff", MacA) / Ip4("10.1.0.9", "11.0.0.1") / Udp(1, 2));
        bench.Receive(one, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd99::1") / Icmp6(3));
        SwitchBench.Nothing(one);
        Assert.Equal(4, bench.Dropped(DropReason.NoRoute));
        for (int n = 0; n < 100; n++)
            bench.Receive(one, Eth(Mac1, MacA) / Ip4("10.1.0.9", "11.0.0.1") / Udp(1, 2));
        int sent = 0;
        while (one.TryTake(out _))
            sent++;
        Assert.Equal(50, sent);
    }

    [Fact]
    public void Malformed_packets_have_their_reasons()
    {
        using SwitchBench bench = new();
        (MemoryPort one, _) = TwoNetworks(bench);
        bench.Commit();
        byte[] good = Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.9") / Udp(1, 2);
        Expect(bench, one, good[..33], DropReason.Truncated);
        Expect(bench, one, good[..^1], DropReason.Truncated);
        Expect(bench, one, Changed(good, 14, 0x55), DropReason.BadIp4Header);
        Expect(bench, one, Changed(good, 14, 0x44), DropReason.BadIp4Header);
        Expect(bench, one, Changed(good, 24, 0), DropReason.BadIp4Checksum);
        Expect(bench, one, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.9", options: [131, 4, 4, 0])
            / Udp(1, 2), DropReason.BadIp4Options);
        Expect(bench, one, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.9", options: [7, 0, 0, 0])
            / Udp(1, 2), DropReason.BadIp4Options);
        Expect(bench, one, Eth(Mac1, MacA) / Ip4("127.0.0.1", "10.2.0.9") / Udp(1, 2), DropReason.Martian);
        Expect(bench, one, Eth(Mac1, MacA) / Ip4("224.0.0.1", "10.2.0.9") / Udp(1, 2), DropReason.Martian);
        Expect(bench, one, Eth(Mac1, MacA) / Ip4("10.1.0.9", "127.0.0.1") / Udp(1, 2), DropReason.Martian);
        byte[] good6 = Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:2::9") / Udp(1, 2);
        Expect(bench, one, good6[..53], DropReason.Truncated);
        Expect(bench, one, good6[..^1], DropReason.Truncated);
        Expect(bench, one, Changed(good6, 14, 0x50), DropReason.BadIp6Header);
        Expect(bench, one, Eth(Mac1, MacA) / Ip6("ff02::1", "fd00:2::9") / Udp(1, 2), DropReason.Martian);
        Expect(bench, one, Eth(Mac1, MacA) / Ip6("::1", "fd00:2::9") / Udp(1, 2), DropReason.Martian);
        Expect(bench, one, Eth(Mac1, MacA) / Ip6("fe80::9", "fd00:2::9") / Udp(1, 2), DropReason.Martian);
        Expect(bench, one, Eth(Mac1, MacA)
            / Ip6("fd00:1::9", "fd00:1::1", next: 43, extensions: [17, 9, 0, 0, 0, 0, 0, 0]) / Udp(1, 2),
            DropReason.BadExtensionHeader);
        Expect(bench, one, Eth(MacB, MacA) / Ip4("10.1.0.9", "10.2.0.9") / Udp(1, 2), DropReason.NotForUs);
        Expect(bench, one, Eth(Mac1, MacA, 0x1234), DropReason.UnknownEtherType);
        Expect(bench, one, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fe80::7") / Udp(1, 2), DropReason.NotForUs);
        SwitchBench.Nothing(one);
    }

    [Fact]
    public void Two_bridges_are_routed_between_by_their_interfaces()
    {
        using SwitchBench bench = new();
        MemoryPort a = bench.BridgePort(1);
        MemoryPort b = bench.BridgePort(2);
        MemoryPort bystander = bench.BridgePort(2);
        bench.BridgeInterface(1, Mac1, 1500, "10.1.0.1/24");
        bench.BridgeInterface(2, Mac2, 1500, "10.2.0.1/24");
        bench.Commit();
        bench.Receive(a, Eth("ff:ff:ff:ff:ff:ff", MacA) / Arp(1, MacA, "10.1.0.9", "00:00:00:00:00:00", "10.1.0.1"));
        Assert.Equal((byte[])(Eth(MacA, Mac1) / Arp(2, Mac1, "10.1.0.1", MacA, "10.1.0.9")), SwitchBench.Only(a));
        bench.Receive(a, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.9") / Udp(1, 2));
        byte[] question = Eth("ff:ff:ff:ff:ff:ff", Mac2) / Arp(1, Mac2, "10.2.0.1", "00:00:00:00:00:00", "10.2.0.9");
        Assert.Equal(question, SwitchBench.Only(b));
        Assert.Equal(question, SwitchBench.Only(bystander));
        bench.Receive(b, Eth(Mac2, MacB) / Arp(2, MacB, "10.2.0.9", Mac2, "10.2.0.1"));
        Assert.Equal((byte[])(Eth(MacB, Mac2) / Ip4("10.1.0.9", "10.2.0.9", ttl: 63) / Udp(1, 2)), SwitchBench.Only(b));
        bench.Receive(b, Eth(Mac2, MacB) / Ip4("10.2.0.9", "10.1.0.9") / Udp(2, 1));
        Assert.Equal((byte[])(Eth(MacA, Mac1) / Ip4("10.2.0.9", "10.1.0.9", ttl: 63) / Udp(2, 1)), SwitchBench.Only(a));
        SwitchBench.Nothing(bystander);
        bench.Receive(a, Eth(Mac1, MacA, 0x1234));
        Assert.Equal(1, bench.Dropped(DropReason.UnknownEtherType));
    }

    [Fact]
    public void What_FastPath_does_not_serve_goes_to_the_host_when_there_is_a_punt_port()
    {
        using SwitchBench bench = new();
        (MemoryPort one, MemoryPort host) = TwoNetworks(bench);
        bench.PuntTo(host, MacB);
        bench.Commit();
        byte[] packet = Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.1.0.1") / Tcp(1, 22);
        bench.Receive(one, packet);
        Assert.Equal((byte[])(Eth(MacB, Mac2) / Raw(packet[14..])) is var expected ? Fix(expected, 0x0800) : null,
            SwitchBench.Only(host));
        byte[] packet6 = Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:1::1") / Tcp(1, 22);
        bench.Receive(one, packet6);
        Assert.Equal(Fix(Eth(MacB, Mac2) / Raw(packet6[14..]), 0x86DD), SwitchBench.Only(host));
    }

    private static byte[] Fix(byte[] frame, int etherType)
    {
        frame[12] = (byte)(etherType >> 8);
        frame[13] = (byte)etherType;
        return frame;
    }

    private static byte[] Changed(byte[] frame, int at, byte value)
    {
        byte[] changed = (byte[])frame.Clone();
        changed[at] = value;
        return changed;
    }

    private static void Expect(SwitchBench bench, MemoryPort port, byte[] frame, DropReason reason)
    {
        long before = bench.Dropped(reason);
        bench.Receive(port, frame);
        Assert.True(bench.Dropped(reason) == before + 1, $"{reason} for {Convert.ToHexString(frame)}");
    }

    private static List<byte[]> SentBy(MemoryPort port)
    {
        List<byte[]> frames = [];
        while (port.TryTake(out byte[] frame))
            frames.Add(frame);
        return frames;
    }
}
