using System;
using System.Collections.Generic;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Tests.Packets;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Engine;

public sealed class WorkerTests
{
    [Fact]
    public void A_node_that_throws_costs_its_batch_and_nothing_else()
    {
        using SwitchBench bench = new(Graph.DiscoverWith(typeof(Throwing)));
        MemoryPort poisoned = Bridge(bench, "test-throwing", out MemoryPort a, out MemoryPort b);
        a.Inject(Eth("02:00:00:00:00:99", MacA));
        poisoned.Inject(Eth(MacA, MacB));
        bench.Run();
        Assert.Equal(2, bench.Dropped(DropReason.Unspecified));
        Assert.Equal(1UL, bench.Worker.Counters[Counter.Faults]);
        Assert.IsType<FormatException>(bench.Worker.LastFault);
        bench.CheckAccount();

        bench.Receive(a, Eth("02:00:00:00:00:99", MacA));
        Assert.True(b.TryTake(out _));
    }

    /// <summary>Frames that were staged are their port's own when it, or the next port, throws.</summary>
    [Fact]
    public void A_port_that_throws_does_not_free_what_was_staged_before()
    {
        using SwitchBench bench = new()
        {
            MakePort = (name, index, umem) => index == 3
                ? new ThrowingPort(name, index, umem)
                : new MemoryPort(name, index, umem),
        };
        MemoryPort from = bench.BridgePort(1), good = bench.BridgePort(1), bad = bench.BridgePort(1);
        bench.State.Fdb.SetStatic(FdbTable.Key(1, 0x0200_0000_0002), good.Index);
        bench.State.Fdb.SetStatic(FdbTable.Key(1, 0x0200_0000_0003), bad.Index);
        bench.Commit();
        from.Inject(Eth("02:00:00:00:00:02", MacA));
        from.Inject(Eth("02:00:00:00:00:03", MacA));
        from.Inject(Eth("02:00:00:00:00:03", MacA));
        bench.Run();
        SwitchBench.Only(good);
        SwitchBench.Only(bad);
        Assert.Equal(1UL, bench.Worker.Counters[Counter.Faults]);
        Assert.Equal(1, bench.Dropped(DropReason.Unspecified));
    }

    [Fact]
    public void A_node_that_lets_a_packet_vanish_stops_the_worker()
    {
        SwitchBench bench = new(Graph.DiscoverWith(typeof(Losing)));
        MemoryPort port = Bridge(bench, "test-losing", out _, out _);
        port.Inject(Eth(MacA, MacB));
        AssertStops(bench);
    }

    [Fact]
    public void A_node_that_sends_a_packet_twice_stops_the_worker()
    {
        SwitchBench bench = new(Graph.DiscoverWith(typeof(Doubling)));
        MemoryPort port = Bridge(bench, "test-doubling", out _, out _);
        port.Inject(Eth(MacA, MacB));
        AssertStops(bench);
    }

    [Fact]
    public void Ports_take_turns_in_filling_a_batch()
    {
        using SwitchBench bench = new();
        MemoryPort busy = bench.BridgePort(1), quiet = bench.BridgePort(1), target = bench.BridgePort(1);
        bench.Commit();
        bench.Receive(target, Eth("ff:ff:ff:ff:ff:ff", MacB));
        while (busy.TryTake(out _) || quiet.TryTake(out _))
        {
        }

        for (int n = 0; n < 1000; n++)
            busy.Inject(Eth(MacB, MacA));
        quiet.Inject(Eth(MacB, "02:00:00:00:00:0c"));
        for (int turn = 0; turn < 3; turn++)
            bench.Worker.PollOnce();
        Assert.Equal(0, quiet.Arriving);
        Assert.True(busy.Arriving > 0);
        bench.Run();
    }

    [Fact]
    public void A_generation_with_fewer_ports_is_served_from_its_first_port()
    {
        using SwitchBench bench = new();
        MemoryPort[] ports = [bench.BridgePort(1), bench.BridgePort(1), bench.BridgePort(1), bench.BridgePort(1)];
        bench.Commit();
        for (int turn = 0; turn < 3; turn++)
            bench.Worker.PollOnce(); // the next turn would start with the fourth port
        foreach (MemoryPort gone in ports.AsSpan(1))
            bench.Remove(gone);
        bench.Commit();
        bench.Receive(ports[0], Eth(MacB, MacA));
        Assert.Equal(1UL, bench.Worker.Counters[Counter.Received]);
    }

    [Fact]
    public void The_control_plane_sees_which_generation_a_worker_has_reached()
    {
        using SwitchBench bench = new();
        bench.Commit();
        Assert.Equal(0, bench.Worker.SeenGeneration);
        bench.Worker.PollOnce();
        Assert.Equal(1, bench.Worker.SeenGeneration);
    }

    private static void AssertStops(SwitchBench bench) =>
        Assert.Contains("leaves a node once", Assert.ThrowsAny<Exception>(bench.Run).Message, StringComparison.Ordinal);

    private static MemoryPort Bridge(SwitchBench bench, string feature, out MemoryPort a, out MemoryPort b)
    {
        MemoryPort featured = bench.BridgePort(1);
        a = bench.BridgePort(1);
        b = bench.BridgePort(1);
        FeatureChains.Builder chains = new(bench.Worker.Graph);
        byte chain = chains.Chain(Arc.L2Input, new HashSet<string> { feature });
        bench.Features = chains.Build();
        bench.Enable(featured, new ArcChains { L2Input = chain });
        bench.Commit();
        return featured;
    }

    private sealed class ThrowingPort(string name, int index, FastPath.Xdp.Umem umem) : MemoryPort(name, index, umem)
    {
        public override void Stage(Worker worker, Batch batch, PacketSet packets, int longest)
        {
            base.Stage(worker, batch, PacketSet.Of(packets.Lowest), longest);
            throw new FormatException("broken port");
        }
    }

    [NodeName("test-throwing")]
    [Feature(Arc.L2Input)]
    private sealed class Throwing(NodeBuilder build) : Node(build)
    {
        public override void Process(Worker worker, Batch batch, PacketSet packets) =>
            throw new FormatException("poison");
    }

    [NodeName("test-losing")]
    [Feature(Arc.L2Input)]
    private sealed class Losing(NodeBuilder build) : Node(build)
    {
        public override void Process(Worker worker, Batch batch, PacketSet packets)
        {
        }
    }

    [NodeName("test-doubling")]
    [Feature(Arc.L2Input)]
    private sealed class Doubling(NodeBuilder build) : Node(build)
    {
        private readonly Edge _learn = build.Edge("l2-forward");

        public override void Process(Worker worker, Batch batch, PacketSet packets)
        {
            batch.SendAll(packets, _learn);
            batch.SendAll(packets, _learn);
        }
    }
}
