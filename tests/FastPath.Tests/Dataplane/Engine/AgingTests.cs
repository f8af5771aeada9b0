using System;
using System.Linq;
using FastPath.Dataplane;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Net;
using FastPath.Tests.Packets;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Engine;

public sealed class AgingTests
{
    [Fact]
    public void A_neighbor_that_was_not_heard_of_is_asked_again_and_then_forgotten()
    {
        using Yard yard = new();
        NeighborKey key = NeighborKey.Of((ushort)yard.Two.Index, Ip4Address.Parse("10.2.0.50"));
        yard.Bench.Receive(yard.Two, Eth(Yard.Mac2, MacB) / Arp(1, MacB, "10.2.0.50", "00:00:00:00:00:00", "10.2.0.1"));
        Assert.True(yard.Two.TryTake(out _)); // our answer
        Seconds(yard, (int)Limits.NeighborFreshSeconds - 2);
        SwitchBench.Nothing(yard.Two);
        Seconds(yard, 4);
        Assert.True(yard.Two.TryTake(out byte[] question));
        Assert.Equal([0, 1], question.AsSpan(20, 2).ToArray());
        Seconds(yard, (int)(Limits.NeighborAgeSeconds - Limits.NeighborFreshSeconds) + 2);
        Assert.False(yard.Bench.State.Neighbors.TryLookup(key, out _));
    }

    [Fact]
    public void A_neighbor_that_answers_stays()
    {
        using Yard yard = new();
        NeighborKey key = NeighborKey.Of((ushort)yard.Two.Index, Ip4Address.Parse("10.2.0.50"));
        for (int n = 0; n < 10; n++)
        {
            yard.Bench.Receive(yard.Two, Eth(Yard.Mac2, MacB)
                / Arp(1, MacB, "10.2.0.50", "00:00:00:00:00:00", "10.2.0.1"));
            Seconds(yard, 50);
        }

        Assert.True(yard.Bench.State.Neighbors.TryLookup(key, out _));
        Assert.InRange(Drain(yard), 10, 10);
    }

    /// <summary>A question that leaves by a tunnel, in the turn in which the tunnel's next hop is forgotten.</summary>
    [Fact]
    public void A_neighbor_that_is_forgotten_is_sent_nothing_in_the_same_turn()
    {
        using SwitchBench bench = new();
        MemoryPort underlay = bench.RoutedPort("02:00:00:00:01:01", 1600, "192.0.2.1/24"), a = bench.BridgePort(1);
        bench.BridgeInterface(1, "02:00:00:00:09:09", 1500, "10.0.0.254/24");
        bench.Tunnel(1, 100, "192.0.2.1", "192.0.2.2");
        bench.Commit();
        bench.Receive(underlay, Eth("02:00:00:00:01:01", MacB)
            / Arp(1, MacB, "192.0.2.2", "00:00:00:00:00:00", "192.0.2.1"));
        for (uint second = 1; second < Limits.NeighborAgeSeconds; second++)
        {
            if (second == Limits.NeighborAgeSeconds - Limits.NeighborFreshSeconds)
                bench.Receive(a, Eth("02:00:00:00:09:09", MacA)
                    / Arp(1, MacA, "10.0.0.9", "00:00:00:00:00:00", "10.0.0.254"));
            bench.Wait(1);
        }

        bench.Receive(a, Eth("02:00:00:00:00:99", MacA)); // the next hop's header is at hand from here on
        while (underlay.TryTake(out _))
        {
        }

        bench.Wait(1);

        Assert.Equal(0x06, SwitchBench.Only(underlay)[13]); // ARP for the next hop
    }

    /// <summary>
    /// One cursor for both, 4,096 slots a second, came back to a neighbor once in the time a large FDB took.
    /// </summary>
    [Fact]
    public void A_large_forwarding_database_does_not_keep_neighbors_from_being_asked_again()
    {
        using SwitchState state = new(Graph.Discover(), new ManualClock(), new FdbTable(1 << 20, 1),
            new NeighborTable(1024, 1));
        using FastPath.Xdp.Umem umem = FastPath.Xdp.Umem.Create(new FastPath.Xdp.UmemOptions(64));
        state.Umems[umem.Number] = umem;
        using Worker worker = new(state, 0, umem);
        state.Root.Publish(new SwitchTables
        {
            Generation = 1,
            Ports = [default, new PortEntry { Kind = PortKind.Device, KernelNeighbors = true }],
            AgingSeconds = [300, 300],
        });
        worker.PollOnce();
        NeighborKey key = NeighborKey.Of(1, Ip4Address.Parse("10.0.0.1"));
        worker.LearnNeighbor(key, 2, NeighborState.Reachable);
        ulong address = FdbTable.Key(1, 0x0200_0000_0001);
        state.Fdb.Learn(address, 1, 0);

        Seconds((int)Limits.NeighborFreshSeconds + Limits.AgeSlicesMax + 2);
        Assert.True(worker.Outbox.TryTake(out NeighborKey asked));
        Assert.Equal(key, asked);
        Seconds((int)(Limits.NeighborAgeSeconds - Limits.NeighborFreshSeconds));
        Assert.False(state.Neighbors.TryLookup(key, out _));
        Assert.Equal(0, state.Fdb.Lookup(address));

        void Seconds(int count)
        {
            for (int second = 0; second < count; second++)
            {
                ((ManualClock)state.Clock).Advance(1_000_000_000);
                worker.PollOnce();
            }
        }
    }

    [Fact]
    public void What_the_operator_has_set_is_not_aged()
    {
        using Yard yard = new();
        yard.Bench.Receive(yard.A, Eth(MacB, "02:00:00:00:00:77") / Raw(new byte[46])); // starts the timer
        Seconds(yard, 400);
        Assert.True(yard.Bench.State.Neighbors.TryLookup(NeighborKey.Of((ushort)yard.Two.Index,
            Ip4Address.Parse("10.2.0.9")), out _));
        Assert.Equal(yard.B.Index, yard.Bench.State.Fdb.Lookup(FdbTable.Key(1, MacAddress.Parse(MacB).Value)));
        Assert.Equal(0, yard.Bench.State.Fdb.Lookup(FdbTable.Key(1, MacAddress.Parse("02:00:00:00:00:77").Value)));
        Assert.True(yard.B.TryTake(out _));
    }

    private static int Drain(Yard yard) =>
        Enumerable.Range(0, 1000).TakeWhile(n => yard.Two.TryTake(out byte[] frame)).Count();

    private static void Seconds(Yard yard, int seconds)
    {
        for (int n = 0; n < seconds; n++)
            yard.Bench.Wait(1);
    }
}
