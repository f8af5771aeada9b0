using System;
using System.Collections.Generic;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Telemetry;
using FastPath.Tests.Packets;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Engine;

public sealed class FeatureChainsTests
{
    private static readonly Graph s_graph = Graph.DiscoverWith(typeof(Late), typeof(Early), typeof(Refuse));

    [Fact]
    public void Features_stand_in_the_order_they_declare()
    {
        Assert.Equal(["test-early", "test-late"], s_graph.FeaturesOf(Arc.Ip4Unicast));
        Assert.Equal(["test-refuse"], s_graph.FeaturesOf(Arc.L2Input));
        Assert.True(s_graph.NumberOf("ip4-input") < s_graph.NumberOf("test-early"));
        Assert.True(s_graph.NumberOf("test-late") < s_graph.NumberOf("ip4-lookup"));
    }

    [Fact]
    public void A_packet_walks_the_features_of_its_port_and_no_others()
    {
        using SwitchBench bench = new(s_graph);
        MemoryPort with = bench.RoutedPort("02:00:00:00:01:01", 1500, "10.1.0.254/24");
        MemoryPort without = bench.RoutedPort("02:00:00:00:01:02", 1500, "10.2.0.254/24");
        bench.Neighbor(without.Index, "10.2.0.1", "02:00:00:00:00:02");
        bench.Neighbor(with.Index, "10.1.0.1", "02:00:00:00:00:01");
        FeatureChains.Builder chains = new(s_graph);
        byte both = chains.Chain(Arc.Ip4Unicast, new HashSet<string> { "test-late", "test-early" });
        bench.Features = chains.Build();
        bench.Enable(with, new ArcChains { Ip4Unicast = both });
        bench.Commit();

        bench.Receive(with, Eth("02:00:00:00:01:01") / Ip4("10.1.0.1", "10.2.0.1") / Udp(1, 2));
        SwitchBench.Only(without);
        bench.Receive(without, Eth("02:00:00:00:01:02") / Ip4("10.2.0.1", "10.1.0.1") / Udp(1, 2));
        SwitchBench.Only(with);

        Assert.Equal(1UL, bench.Worker.Counters.ReadHandled(s_graph.NumberOf("test-early")));
        Assert.Equal(1UL, bench.Worker.Counters.ReadHandled(s_graph.NumberOf("test-late")));
    }

    [Fact]
    public void A_feature_may_end_a_packet()
    {
        using SwitchBench bench = new(s_graph);
        MemoryPort from = bench.BridgePort(1);
        bench.BridgePort(1);
        FeatureChains.Builder chains = new(s_graph);
        byte refuse = chains.Chain(Arc.L2Input, new HashSet<string> { "test-refuse" });
        bench.Features = chains.Build();
        bench.Enable(from, new ArcChains { L2Input = refuse });
        bench.Commit();
        bench.Receive(from, Eth("02:00:00:00:00:02") / Ip4("10.1.0.1", "10.2.0.1") / Udp(1, 2));
        Assert.Equal(1, bench.Dropped(DropReason.Prohibited));
    }

    [Fact]
    public void Ports_with_the_same_features_share_a_chain()
    {
        FeatureChains.Builder chains = new(s_graph);
        byte first = chains.Chain(Arc.Ip4Unicast, new HashSet<string> { "test-early", "test-late" });
        Assert.Equal(first, chains.Chain(Arc.Ip4Unicast, new HashSet<string> { "test-late", "test-early" }));
        Assert.NotEqual(first, chains.Chain(Arc.Ip4Unicast, new HashSet<string> { "test-late" }));
        Assert.Equal(0, chains.Chain(Arc.Ip4Unicast, new HashSet<string>()));
        Assert.True(chains.Build().HasAny(Arc.Ip4Unicast));
        Assert.False(chains.Build().HasAny(Arc.L2Input));
    }

    [Fact]
    public void A_name_that_is_no_feature_of_the_arc_is_refused() =>
        Assert.Throws<ArgumentException>(() =>
            new FeatureChains.Builder(s_graph).Chain(Arc.L2Input, new HashSet<string> { "test-early" }));

    [Fact]
    public void A_feature_that_names_no_other_of_its_arc_stops_the_start() =>
        Assert.Throws<InvalidOperationException>(() => Graph.DiscoverWith(typeof(Lost)));

    [NodeName("test-early")]
    [Feature(Arc.Ip4Unicast)]
    private sealed class Early(NodeBuilder build) : Pass(build);

    [NodeName("test-late")]
    [Feature(Arc.Ip4Unicast, After = ["test-early"])]
    private sealed class Late(NodeBuilder build) : Pass(build);

    [NodeName("test-lost")]
    [Feature(Arc.Ip4Unicast, Before = ["nowhere"])]
    private sealed class Lost(NodeBuilder build) : Pass(build);

    private abstract class Pass(NodeBuilder build) : Node(build)
    {
        public override void Process(Worker worker, Batch batch, PacketSet packets)
        {
            foreach (int slot in packets)
                batch.NextFeature(slot);
        }
    }

    [NodeName("test-refuse")]
    [Feature(Arc.L2Input)]
    private sealed class Refuse(NodeBuilder build) : Node(build)
    {
        public override void Process(Worker worker, Batch batch, PacketSet packets)
        {
            foreach (int slot in packets)
                batch.Drop(slot, DropReason.Prohibited);
        }
    }
}
