namespace FastPath.Dataplane.Engine;

/// <summary>A named arrow out of a node, resolved once when the graph is built.</summary>
[Shared]
public readonly struct Edge
{
    internal readonly byte Target;

    internal Edge(byte target) => Target = target;
}
