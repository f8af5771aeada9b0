namespace FastPath.Dataplane.Engine;

/// <summary>
/// A stage of the graph. One instance for each worker: its fields are that worker's state and nobody else's, or edges.
/// A node writes only such state, the batch and its worker's outbox.
/// </summary>
[PerWorker]
public abstract class Node(NodeBuilder build)
{
    /// <summary>Name in the graph, as the field names it.</summary>
    public string Name { get; } = build.Name;

    /// <summary>Processes packets that wait at this node; each leaves by exactly one exit of the batch.</summary>
    public abstract void Process(Worker worker, Batch batch, PacketSet packets);
}
