namespace FastPath.Dataplane.Engine;

/// <summary>Where packets enter the graph: from ports, and those that FastPath makes or let go.</summary>
[Shared]
public sealed class GraphEntries(Graph graph)
{
    internal Edge EthernetInput { get; } = graph.EdgeTo("ethernet-input");

    internal Edge PortOutput { get; } = graph.EdgeTo("port-output");

    internal Edge BviOutput { get; } = graph.EdgeTo("bvi-output");

    internal Edge BviInput { get; } = graph.EdgeTo("bvi-input");

    internal Edge Ip4Lookup { get; } = graph.EdgeTo("ip4-lookup");

    internal Edge Ip6Lookup { get; } = graph.EdgeTo("ip6-lookup");
}
