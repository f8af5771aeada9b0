using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using FastPath.Dataplane.Engine;
using Xunit;

namespace FastPath.Tests.Tidy;

/// <summary>Nodes say what comes in, what goes out and what is dropped, and that is so.</summary>
public sealed class NodeDocsTests
{
    [Fact]
    public void Every_node_says_in_out_and_drops() => TidyTests.Expect(NodeDocs.Read()
        .Where(node => node.In.Length == 0 || node.Out.Length == 0 || node.Drops.Length == 0
            || node.Summary.Length == 0)
        .Select(node => node.File.At(node.Declaration,
            "a node's comment has a sentence and the lines In:, Out: and Drops:")));

    [Fact]
    public void The_drops_line_names_the_reasons_in_the_code()
    {
        List<string> findings = [];
        foreach (NodeDocs node in NodeDocs.Read())
        {
            string missing = string.Join(", ", node.Used().Except(node.Documented));
            string stale = string.Join(", ", node.Documented.Except(node.Used()));
            if (missing.Length > 0)
                findings.Add(node.File.At(node.Declaration, $"Drops: does not name {missing}"));
            if (stale.Length > 0)
                findings.Add(node.File.At(node.Declaration, $"Drops: names {stale}, which the code does not use"));
        }

        TidyTests.Expect(findings);
    }

    [Fact]
    public void The_comments_are_about_the_nodes_of_the_graph() =>
        Assert.Equal(Graph.Discover().Names.Order(), NodeDocs.Read().Select(node => node.Name).Order());

    [Fact]
    public void Every_node_can_be_reached_from_where_packets_enter()
    {
        Graph graph = Graph.Discover();
        GraphEntries entries = new(graph);
        Queue<string> open =
            new(typeof(GraphEntries).GetProperties(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            .Where(property => property.PropertyType == typeof(Edge))
            .Select(property => graph.Names[((Edge)property.GetValue(entries)!).Target]));
        HashSet<string> seen = [.. open];
        while (open.TryDequeue(out string? name))
            foreach (EdgeDeclaration edge in graph.Edges)
                if (edge.From == name && seen.Add(edge.To))
                    open.Enqueue(edge.To);
        Assert.Equal([], graph.Names.Except(seen));
    }
}
