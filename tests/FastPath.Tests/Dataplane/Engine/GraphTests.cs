using System;
using System.Collections.Generic;
using FastPath.Dataplane.Engine;
using Xunit;

namespace FastPath.Tests.Dataplane.Engine;

public sealed class GraphTests
{
    [Fact]
    public void Every_edge_leads_forward_but_the_declared_back_edges()
    {
        Graph graph = Graph.Discover();
        foreach (EdgeDeclaration edge in graph.Edges)
            if (!edge.Recirculates)
                Assert.True(graph.NumberOf(edge.From) < graph.NumberOf(edge.To), $"{edge.From} -> {edge.To}");
    }

    [Fact]
    public void A_missing_target_stops_the_start()
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Graph.Of([typeof(ToNowhere)]));
        Assert.Contains("nowhere", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cycle_stops_the_start_unless_it_is_declared()
    {
        InvalidOperationException e =
            Assert.Throws<InvalidOperationException>(() => Graph.Of([typeof(First), typeof(BackUndeclared)]));
        Assert.Contains("cycle", e.Message, StringComparison.Ordinal);
        Assert.Equal(["first", "second"], Graph.Of([typeof(First), typeof(BackDeclared)]).Names);
    }

    [Fact]
    public void A_node_needs_a_name_of_its_own()
    {
        Assert.Throws<InvalidOperationException>(() => Graph.Of([typeof(BackDeclared), typeof(BackUndeclared)]));
        Assert.Throws<InvalidOperationException>(() => Graph.Of([typeof(Nameless)]));
    }

    [Fact]
    public void Prints_itself_for_graphviz() =>
        Assert.Contains("\"ethernet-input\" -> \"l2-forward\"", Graph.Discover().ToDot(), StringComparison.Ordinal);

    [Fact]
    public void Order_names_what_is_stuck()
    {
        List<EdgeDeclaration> edges = [new("a", "b", false), new("b", "a", false), new("c", "a", false)];
        InvalidOperationException e =
            Assert.Throws<InvalidOperationException>(() => TopologicalOrder.Of(["a", "b", "c"], edges));
        Assert.Contains("a, b", e.Message, StringComparison.Ordinal);
    }

    private abstract class Quiet(NodeBuilder build) : Node(build)
    {
        public override void Process(Worker worker, Batch batch, PacketSet packets)
        {
        }
    }

    [NodeName("lost")]
    private sealed class ToNowhere : Quiet
    {
        public ToNowhere(NodeBuilder build) : base(build) => build.Edge("nowhere");
    }

    [NodeName("first")]
    private sealed class First : Quiet
    {
        public First(NodeBuilder build) : base(build) => build.Edge("second");
    }

    [NodeName("second")]
    private sealed class BackUndeclared : Quiet
    {
        public BackUndeclared(NodeBuilder build) : base(build) => build.Edge("first");
    }

    [NodeName("second")]
    private sealed class BackDeclared : Quiet
    {
        public BackDeclared(NodeBuilder build) : base(build) => build.BackEdge("first");
    }

    private sealed class Nameless(NodeBuilder build) : Quiet(build);
}
