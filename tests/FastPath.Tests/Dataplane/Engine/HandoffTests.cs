using System.Linq;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Tests.Packets;
using Xunit;
using static System.FormattableString;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Engine;

public sealed class HandoffTests
{
    private const string LeftMac = "02:00:00:00:01:01";
    private const string RightMac = "02:00:00:00:01:02";

    [Fact]
    public void A_frame_leaves_by_a_port_of_another_worker_and_its_chunk_comes_home()
    {
        using WorkersBench bench = new(workers: 2);
        MemoryPort a = bench.BridgePort(0), b = bench.BridgePort(1);
        bench.Commit();
        byte[] frame = Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2);
        bench.Receive(a, frame);
        Assert.Equal(frame, SwitchBench.Only(b));
        Assert.Equal(1UL, bench.Workers[0].Counters[Counter.HandedOut]);
        Assert.Equal(1UL, bench.Workers[1].Counters[Counter.HandedIn]);
    }

    [Fact]
    public void Every_worker_runs_before_the_first_generation()
    {
        using WorkersBench bench = new(workers: 3);
        bench.Run();
        Assert.All(bench.Workers, worker => Assert.Equal(0, worker.SeenGeneration));
    }

    [Fact]
    public void A_flooded_frame_that_three_workers_send_is_shared_until_all_have_copied_it()
    {
        using WorkersBench bench = new(workers: 3);
        MemoryPort from = bench.BridgePort(0);
        MemoryPort[] others = [bench.BridgePort(0), bench.BridgePort(1), bench.BridgePort(1), bench.BridgePort(2)];
        bench.Commit();
        byte[] frame = Eth("ff:ff:ff:ff:ff:ff", MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2, payload: 1400);
        bench.Receive(from, frame);
        foreach (MemoryPort port in others)
            Assert.Equal(frame, SwitchBench.Only(port));
    }

    [Fact]
    public void What_another_worker_has_seen_is_learned_by_worker_0()
    {
        using WorkersBench bench = new(workers: 2);
        MemoryPort a = bench.BridgePort(0), b = bench.BridgePort(1), c = bench.BridgePort(1);
        bench.Commit();
        bench.Receive(b, Eth(MacA, MacB));
        Assert.True(a.TryTake(out _) && c.TryTake(out _));
        bench.Receive(a, Eth(MacB, MacA));
        SwitchBench.Only(b);
        SwitchBench.Nothing(c);
        Assert.Equal(b.Index, bench.State.Fdb.Lookup(FdbTable.Key(1, FastPath.Net.MacAddress.Parse(MacB).Value)));
    }

    [Fact]
    public void A_learn_event_is_sent_once_a_second_for_each_address()
    {
        using WorkersBench bench = new(workers: 2);
        bench.BridgePort(0);
        MemoryPort b = bench.BridgePort(1);
        bench.Commit();
        for (int n = 0; n < 2000; n++)
            b.Inject(Eth(MacA, MacB));
        while (bench.Workers[1].PollOnce())
        {
            // Worker 0 does not run: without the limit its ring would overflow.
        }

        Assert.Equal(0UL, bench.Workers[1].Counters[Counter.LearnLost]);
        bench.Run();
    }

    [Fact]
    public void A_full_lane_drops_under_its_reason_and_loses_no_frame()
    {
        using WorkersBench bench = new(workers: 2, chunks: 4096);
        MemoryPort a = bench.BridgePort(0);
        bench.BridgePort(1);
        bench.Commit();
        for (int n = 0; n < 1000; n++)
            a.Inject(Eth(MacB, MacA));
        while (bench.Workers[0].PollOnce())
        {
        }

        Assert.Equal(1000 - 256, bench.Dropped(DropReason.HandoffFull));
        bench.Run();
    }

    [Fact]
    public void A_packet_that_waits_in_one_worker_goes_on_when_the_answer_reaches_another()
    {
        using WorkersBench bench = Routed(out MemoryPort left, out MemoryPort right);
        bench.Receive(left, Eth(LeftMac) / Ip4("10.1.0.1", "10.2.0.1") / Udp(1, 2));
        byte[] question = SwitchBench.Only(right);
        Assert.Equal(0x06, question[13]);
        bench.Receive(right, Eth(RightMac, MacB) / Arp(2, MacB, "10.2.0.1", RightMac, "10.2.0.254"));
        byte[] forwarded = SwitchBench.Only(right);
        Assert.Equal(0x00, forwarded[13]);
        Assert.Equal(1UL, bench.Workers[2].Counters[Counter.Released]);
    }

    [Fact]
    public void An_IPv6_packet_that_waits_in_one_worker_goes_on_when_the_answer_reaches_another()
    {
        using WorkersBench bench = Routed(out MemoryPort left, out MemoryPort right);
        bench.Receive(left, Eth(LeftMac) / Ip6("fd00:1::1", "fd00:2::1") / Udp(1, 2));
        Assert.Equal(135, SwitchBench.Only(right)[54]);
        bench.Receive(right, Eth(RightMac, MacB) / Ip6("fd00:2::1", "fd00:2::fe", hops: 255)
            / Nd(136, "fd00:2::1", MacB, flags: 0x6000_0000));
        byte[] forwarded = SwitchBench.Only(right);
        Assert.Equal(17, forwarded[20]);
        Assert.Equal(1UL, bench.Workers[2].Counters[Counter.Released]);
    }

    [Fact]
    public void A_lost_answer_costs_a_second_and_no_error()
    {
        using WorkersBench bench = Routed(out MemoryPort left, out MemoryPort right);
        bench.Receive(left, Eth(LeftMac) / Ip4("10.1.0.1", "10.2.0.1") / Udp(1, 2));
        SwitchBench.Only(right); // the question
        NeighborKey key = NeighborKey.Of((ushort)right.Index, FastPath.Net.Ip4Address.Parse("10.2.0.1"));
        bench.State.Neighbors.Set(key, 0x0200_0000_000B, NeighborState.Reachable, 0); // and nobody says so
        bench.Wait(1.1);
        Assert.Equal(0x00, SwitchBench.Only(right)[13]);
        Assert.Equal(1UL, bench.Workers[2].Counters[Counter.Released]);
    }

    /// <summary>
    /// Two ports and two addresses that differ in the same bits: the second one was taken for the first.
    /// </summary>
    [Fact]
    public void Learn_events_of_two_addresses_on_two_ports_are_not_taken_for_one()
    {
        using WorkersBench bench = new(workers: 2);
        bench.BridgePort(0);
        MemoryPort b = bench.BridgePort(1), c = bench.BridgePort(1);
        bench.Commit();
        b.Inject(Eth("ff:ff:ff:ff:ff:ff", "02:00:00:00:00:0a"));
        c.Inject(Eth("ff:ff:ff:ff:ff:ff", Invariant($"02:00:00:00:{b.Index ^ c.Index:x2}:0a")));
        bench.Run();
        Assert.Equal(2, bench.State.Fdb.Count);
    }

    [Fact]
    public void A_port_that_no_worker_can_send_to_is_down()
    {
        using WorkersBench bench = new(workers: 2);
        MemoryPort a = bench.BridgePort(0);
        MemoryPort b = bench.BridgePort(1);
        bench.Commit();
        SwitchTables tables = bench.State.Root.Read();
        tables.Devices[1][b.Index] = null;
        bench.Receive(a, Eth(MacB, MacA));
        Assert.Equal(1, bench.Dropped(DropReason.PortDown));
    }

    [Fact]
    public void A_receiver_without_free_chunks_drops_and_sends_the_frame_home()
    {
        using WorkersBench bench = new(workers: 2, chunks: 64);
        MemoryPort a = bench.BridgePort(0);
        bench.BridgePort(1);
        bench.Commit();
        FastPath.Xdp.Umem empty = bench.Workers[1].Home;
        FastPath.Xdp.FrameAddress[] taken = [.. Enumerable.Range(0, 64).Select(_ => Take(empty))];
        bench.Receive(a, Eth(MacB, MacA));
        Assert.Equal(1, bench.Dropped(DropReason.NoFrame));
        foreach (FastPath.Xdp.FrameAddress frame in taken)
            empty.Release(frame);
    }

    private static FastPath.Xdp.FrameAddress Take(FastPath.Xdp.Umem umem)
    {
        Assert.True(umem.TryTake(out FastPath.Xdp.FrameAddress frame));
        return frame;
    }

    /// <summary>What comes in on the left is worker 2's, what comes in on the right worker 1's.</summary>
    private static WorkersBench Routed(out MemoryPort left, out MemoryPort right)
    {
        WorkersBench bench = new(workers: 3);
        left = bench.RoutedPort(2, LeftMac, "10.1.0.254/24", "fd00:1::fe/64");
        right = bench.RoutedPort(1, RightMac, "10.2.0.254/24", "fd00:2::fe/64");
        bench.Commit();
        return bench;
    }
}
