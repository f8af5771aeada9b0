using System.Collections.Generic;
using System.Linq;
using CsCheck;
using FastPath.Dataplane.Engine;
using Xunit;

namespace FastPath.Tests.Dataplane.Engine;

public sealed class TopologicalOrderTests
{
    /// <summary>Edges from lower to higher names have an order; whatever it is, it must respect each of them.</summary>
    [Fact]
    public void Every_edge_leads_to_a_later_place() =>
        Gen.Select(Gen.Int[0, 14], Gen.Int[1, 15]).Array[0, 60].Sample(pairs =>
        {
            string[] names = [.. Enumerable.Range(0, 16).Select(n => $"n{n * 7 % 16:x}")];
            EdgeDeclaration[] edges =
                [.. pairs.Select(p => new EdgeDeclaration(names[System.Math.Min(p.Item1, p.Item2 - 1)],
                names[System.Math.Max(p.Item1 + 1, p.Item2)], Recirculates: false)).Distinct()];
            List<string> order = TopologicalOrder.Of(names, edges);
            Assert.Equal(names.Order(), order.Order());
            Assert.All(edges, edge => Assert.True(order.IndexOf(edge.From) < order.IndexOf(edge.To)));
        });

    [Fact]
    public void Equals_are_ordered_by_name() => Assert.Equal(["a", "b", "c"], TopologicalOrder.Of(["c", "a", "b"], []));

    [Fact]
    public void Declared_back_edges_do_not_count() =>
        Assert.Equal(["a", "b"], TopologicalOrder.Of(["a", "b"], [new("a", "b", false), new("b", "a", true)]));
}
