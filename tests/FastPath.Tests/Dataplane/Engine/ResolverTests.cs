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
