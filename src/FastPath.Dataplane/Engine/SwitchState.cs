using System;
using FastPath.Dataplane.Tables;
using FastPath.Xdp;

namespace FastPath.Dataplane.Engine;

/// <summary>What all workers of one switch share.</summary>
[Shared]
public sealed class SwitchState(Graph graph, Clock clock, FdbTable fdb, NeighborTable neighbors) : IDisposable
{
    public Graph Graph { get; } = graph;

    public Clock Clock { get; } = clock;

    /// <summary>The configuration's tables; replaced by the control plane.</summary>
    public Snapshot<SwitchTables> Root { get; } = new(SwitchTables.Empty);

    /// <summary>Addresses learned on bridges; written by worker 0.</summary>
    public FdbTable Fdb { get; } = fdb;

    /// <summary>MAC addresses of neighbors; written by worker 0.</summary>
    public NeighborTable Neighbors { get; } = neighbors;

    /// <summary>Where packets enter the graph.</summary>
    public GraphEntries Entries { get; } = new(graph);

    /// <summary>UMEMs by number, for frames that come home from other workers' ports.</summary>
    public Umem?[] Umems { get; } = new Umem?[256];

    public void Dispose()
    {
        Fdb.Dispose();
        Neighbors.Dispose();
    }
}
