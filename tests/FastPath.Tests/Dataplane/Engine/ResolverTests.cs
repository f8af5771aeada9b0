using FastPath.Dataplane;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;
using FastPath.Tests.Packets;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Engine;

public sealed class ResolverTests
{
    [Fact]
    public void Questions_are_bounded_and_a_scan_of_a_network_ends_in_drops()
    {
        using Yard yard = new();
        for (int n = 0; n < Limits.QuestionsMax + 10; n++)
            yard.Bench.Receive(yard.One, Eth(Yard.Mac1, MacA) / Ip4("10.1.0.9", $"10.2.0.{n + 20}") / Udp(1, 2));
        Assert.Equal(Limits.QuestionsMax, yard.Bench.Worker.Resolver.HeldCount);
        Assert.Equal(10, yard.Bench.Dropped(DropReason.NeighborQueueFull));
        GiveUp(yard);
    }

    [Fact]
    public void No_timer_runs_without_a_question()
    {
        using Yard yard = new();
        Assert.Equal(Tick.Never, yard.Bench.Worker.Resolver.NextDue);
        yard.Bench.Receive(yard.One, Eth(Yard.Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.77") / Udp(1, 2));
        Assert.True(yard.Bench.Worker.Resolver.NextDue < Tick.Never);
        GiveUp(yard);
        Assert.Equal(Tick.Never, yard.Bench.Worker.Resolver.NextDue);
    }

    /// <summary>What waited goes by the route of the day it leaves, not of the day it came.</summary>
    [Fact]
    public void A_packet_that_waited_over_a_change_of_routes_is_routed_anew()
    {
        using Yard yard = new();
        yard.Bench.Receive(yard.One, Eth(Yard.Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.77") / Udp(1, 2));
        SwitchBench.Only(yard.Two);
        yard.Bench.Route("10.2.0.77/32", AdjacencyKind.Blackhole);
        yard.Bench.Commit();
        yard.Bench.Receive(yard.Two, Eth(Yard.Mac2, MacB) / Arp(2, MacB, "10.2.0.77", Yard.Mac2, "10.2.0.1"));
        SwitchBench.Nothing(yard.Two);
        Assert.Equal(1, yard.Bench.Dropped(DropReason.Blackhole));
    }

    [Fact]
    public void A_port_that_went_away_meanwhile_ends_the_wait()
    {
        using Yard yard = new();
        yard.Bench.Receive(yard.One, Eth(Yard.Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.77") / Udp(1, 2));
        yard.Bench.Unplug(yard.Two);
        GiveUp(yard);
        Assert.Equal(1, yard.Bench.Dropped(DropReason.NeighborUnresolved));
    }

    [Fact]
    public void An_answer_that_nobody_waits_for_is_not_kept()
    {
        using Yard yard = new();
        NeighborKey stranger = NeighborKey.Of((ushort)yard.Two.Index, Ip4Address.Parse("10.2.0.99"));
        Assert.False(yard.Bench.Worker.Resolver.IsAsking(stranger));
        yard.Bench.Receive(yard.Two, Eth("ff:ff:ff:ff:ff:ff", MacB)
            / Arp(1, MacB, "10.2.0.99", "00:00:00:00:00:00", "10.2.0.50"));
        Assert.False(yard.Bench.State.Neighbors.TryLookup(stranger, out _));
    }

    /// <summary>Let go without an entry it would miss, wait and ask again at once, for ever.</summary>
    [Fact]
    public void An_answer_that_finds_no_room_in_the_table_releases_nothing()
    {
        using Yard yard = new();
        NeighborTable table = yard.Bench.State.Neighbors;
        for (uint n = 0; table.Count < table.Capacity; n++)
            table.Set(NeighborKey.Of(900, new Ip4Address(n)), 1, NeighborState.Static, 0);
        yard.Bench.Receive(yard.One, Eth(Yard.Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.77") / Udp(1, 2));
        SwitchBench.Only(yard.Two);

        yard.Bench.Receive(yard.Two, Eth(Yard.Mac2, MacB) / Arp(2, MacB, "10.2.0.77", Yard.Mac2, "10.2.0.1"));

        SwitchBench.Nothing(yard.Two);
        Assert.Equal(1UL, yard.Bench.Worker.Counters[Counter.NeighborsRefused]);
        Assert.Equal(0UL, yard.Bench.Worker.Counters[Counter.Released]);
        GiveUp(yard);
    }

    [Fact]
    public void A_packet_that_misses_its_neighbor_again_and_again_is_dropped()
    {
        using Yard yard = new();
        NeighborKey key = NeighborKey.Of((ushort)yard.Two.Index, Ip4Address.Parse("10.2.0.77"));
        yard.Bench.Receive(yard.One, Eth(Yard.Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.77") / Udp(1, 2));
        for (int time = 0; time < Limits.DepthMax; time++)
        {
            yard.Bench.Worker.Resolver.Answered(key); // by a table that has forgotten it again
            yard.Bench.Run();
            Assert.Equal(1, yard.Bench.Worker.Resolver.HeldCount);
        }

        yard.Bench.Worker.Resolver.Answered(key);
        yard.Bench.Run();
        Assert.Equal(1, yard.Bench.Dropped(DropReason.TooDeep));
        GiveUp(yard);
    }

    /// <summary>Any sender may ask for our address: only one of the port's own network is kept.</summary>
    [Theory]
    [InlineData("10.2.0.50", true)]
    [InlineData("10.1.0.50", false)]
    [InlineData("203.0.113.9", false)]
    [InlineData("fd00:2::50", true)]
    [InlineData("fe80::50", true)]
    [InlineData("fd00:1::50", false)]
    [InlineData("2001:db8::9", false)]
    public void A_sender_that_asks_for_us_is_kept_when_it_is_on_the_link_and_answered_anyway(string sender, bool isKept)
    {
        using Yard yard = new();
        IpAddress address = IpAddress.Parse(sender);
        NeighborKey key = address.IsV4
            ? NeighborKey.Of((ushort)yard.Two.Index, address.V4)
            : NeighborKey.Of((ushort)yard.Two.Index, address.V6);
        byte[] question = address.IsV4
            ? Eth(Yard.Mac2, MacB) / Arp(1, MacB, sender, "00:00:00:00:00:00", "10.2.0.1")
            : Eth(Yard.Mac2, MacB) / Ip6(sender, "fd00:2::1", hops: 255) / Nd(135, "fd00:2::1", MacB);

        yard.Bench.Receive(yard.Two, question);

        SwitchBench.Only(yard.Two);
        Assert.Equal(isKept, yard.Bench.State.Neighbors.TryLookup(key, out _));
    }

    private static void GiveUp(Yard yard)
    {
        for (int second = 0; second < 4; second++)
            yard.Bench.Wait(1.1);
        while (yard.Two.TryTake(out _) || yard.One.TryTake(out _))
        {
        }

        Assert.Equal(0, yard.Bench.Worker.Resolver.HeldCount);
    }
}
