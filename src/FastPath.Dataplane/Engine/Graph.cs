using System;
using System.Collections.Generic;
using System.Reflection;
using System.Text;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// The nodes of the switch, found in the assembly, sorted so that edges lead forward, and numbered. Refuses to start on
/// a missing target or on a cycle that no back edge declares.
/// </summary>
[Shared]
public sealed class Graph
{
    private readonly Type[] _types;
    private readonly Dictionary<string, byte> _numbers;
    private readonly Dictionary<Arc, List<string>> _features;

    private Graph(Type[] types, Dictionary<string, byte> numbers, IReadOnlyList<EdgeDeclaration> edges,
        Dictionary<Arc, List<string>> features)
    {
        _types = types;
        _numbers = numbers;
        _features = features;
        Edges = edges;
        Names = new string[types.Length];
        foreach ((string name, byte number) in numbers)
            Names[number] = name;
        PortOutput = numbers.GetValueOrDefault("port-output");
        Flood = numbers.GetValueOrDefault("l2-flood");
    }

    /// <summary>Node names by number.</summary>
    public string[] Names { get; }

    public int Count => Names.Length;

    /// <summary>Number of port-output, for drops at a ring.</summary>
    internal byte PortOutput { get; }

    /// <summary>Number of l2-flood, for copies that find no room.</summary>
    internal byte Flood { get; }

    internal IReadOnlyList<EdgeDeclaration> Edges { get; }

    /// <summary>Finds the nodes of this assembly and sorts them.</summary>
    public static Graph Discover() => Of(NodesOf(typeof(Graph).Assembly));

    /// <summary>The nodes of this assembly and more; for tests with features of their own.</summary>
    internal static Graph DiscoverWith(params Type[] more) => Of([.. NodesOf(typeof(Graph).Assembly), .. more]);

    /// <summary>Sorts the given node types; for tests with nodes of their own.</summary>
    internal static Graph Of(IReadOnlyList<Type> types)
    {
        Dictionary<string, Type> byName = [];
        List<EdgeDeclaration> edges = [];
        foreach (Type type in types)
        {
            NodeBuilder builder = new(NameOf(type), numbers: null);
            Create(type, builder);
            if (!byName.TryAdd(builder.Name, type))
                throw new InvalidOperationException($"two nodes are named {builder.Name}");
            edges.AddRange(builder.Edges);
        }

        foreach (EdgeDeclaration edge in edges)
            if (!byName.ContainsKey(edge.To))
                throw new InvalidOperationException(
                    $"node {edge.From} has an edge to {edge.To}, and there is no such node");

        Dictionary<Arc, List<string>> features = FeatureOrder.Of(byName);
        edges.AddRange(FeatureOrder.EdgesOf(features, byName));
        List<string> order = TopologicalOrder.Of(byName.Keys, edges);
        if (order.Count > Limits.NodesMax)
            throw new InvalidOperationException($"{order.Count} nodes; an edge can name {Limits.NodesMax}");

        Dictionary<string, byte> numbers = [];
        Type[] sorted = new Type[order.Count];
        for (int number = 0; number < order.Count; number++)
        {
            numbers[order[number]] = (byte)number;
            sorted[number] = byName[order[number]];
        }

        return new Graph(sorted, numbers, edges, features);
    }

    /// <summary>Number of a node.</summary>
    public byte NumberOf(string name) =>
        _numbers.TryGetValue(name, out byte number)
            ? number
            : throw new ArgumentException($"no node {name}", nameof(name));

    /// <summary>Features of an arc in the order in which packets pass them.</summary>
    public IReadOnlyList<string> FeaturesOf(Arc arc) => _features[arc];

    /// <summary>The arrow to a node, for packets that enter the graph.</summary>
    internal Edge EdgeTo(string name) => new(NumberOf(name));

    /// <summary>A new set of nodes, for one worker.</summary>
    internal Node[] Instantiate()
    {
        Node[] nodes = new Node[Count];
        for (int number = 0; number < Count; number++)
            nodes[number] = Create(_types[number], new NodeBuilder(Names[number], _numbers));
        return nodes;
    }

    /// <summary>The graph in Graphviz's language.</summary>
    public string ToDot()
    {
        StringBuilder dot = new("digraph fastpath {\n  rankdir=LR;\n  node [shape=box, fontname=monospace];\n");
        foreach (EdgeDeclaration edge in Edges)
            dot.Append($"  \"{edge.From}\" -> \"{edge.To}\"{StyleOf(edge)};\n");
        return dot.Append("}\n").ToString();
    }

    private static string StyleOf(EdgeDeclaration edge) =>
        edge.Recirculates ? " [style=dashed]" : edge.IsFeature ? " [color=blue]" : "";

    private static List<Type> NodesOf(Assembly assembly)
    {
        List<Type> types = [];
        foreach (Type type in assembly.GetTypes())
            if (type is { IsAbstract: false } && type.IsSubclassOf(typeof(Node)))
                types.Add(type);
        return types;
    }

    private static string NameOf(Type type) =>
        type.GetCustomAttribute<NodeNameAttribute>()?.Name
        ?? throw new InvalidOperationException($"{type.Name} is a node without [NodeName]");

    private static Node Create(Type type, NodeBuilder builder)
    {
        try
        {
            return (Node)Activator.CreateInstance(type, builder)!;
        }
        catch (TargetInvocationException e) when (e.InnerException != null)
        {
            throw new InvalidOperationException(
                $"building node {builder.Name}: {e.InnerException.Message}", e.InnerException);
        }
    }
}
