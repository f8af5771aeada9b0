using System;
using System.Collections.Generic;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// What a node's constructor talks to. Nodes are constructed twice: first to learn their edges, then, when the graph is
/// sorted and numbered, with edges that carry the numbers.
/// </summary>
[Control]
public sealed class NodeBuilder
{
    private readonly IReadOnlyDictionary<string, byte>? _numbers;
    private readonly List<EdgeDeclaration> _edges = [];

    internal NodeBuilder(string name, IReadOnlyDictionary<string, byte>? numbers)
    {
        Name = name;
        _numbers = numbers;
    }

    /// <summary>The node under construction.</summary>
    public string Name { get; }

    internal IReadOnlyList<EdgeDeclaration> Edges => _edges;

    /// <summary>Declares an edge to a node that comes later in the graph.</summary>
    public Edge Edge(string target) => Declare(target, recirculates: false);

    /// <summary>
    /// Declares an edge that leads back; each pass costs one of the packet's <see cref="Limits.DepthMax"/> hops.
    /// </summary>
    public Edge BackEdge(string target) => Declare(target, recirculates: true);

    private Edge Declare(string target, bool recirculates)
    {
        _edges.Add(new EdgeDeclaration(Name, target, recirculates));
        if (_numbers is null)
            return default;
        if (!_numbers.TryGetValue(target, out byte number))
            throw new InvalidOperationException($"node {Name} has an edge to {target}, and there is no such node");
        return new Edge(number);
    }
}

/// <summary>An arrow as a node declared it.</summary>
/// <param name="From">Node it leaves.</param>
/// <param name="To">Node it enters.</param>
/// <param name="Recirculates">Leads back in the graph.</param>
/// <param name="IsFeature">Taken only when a port has the feature enabled.</param>
[Shared]
internal sealed record EdgeDeclaration(string From, string To, bool Recirculates, bool IsFeature = false);
