using System;
using FastPath.Dataplane.Tables;
using FastPath.Xdp;

namespace FastPath.Dataplane.Engine;

/// <summary>What all workers of one switch share.</summary>
[Shared]
public sealed class SwitchState : IDisposable
{
    private readonly Lane[] _lanes;

    /// <param name="graph">The nodes.</param>
    /// <param name="clock">Time.</param>
    /// <param name="fdb">Disposed with this.</param>
    /// <param name="neighbors">Disposed with this.</param>
    /// <param name="workers">Workers, 1..<see cref="Limits.WorkersMax"/>.</param>
    public SwitchState(Graph graph, Clock clock, FdbTable fdb, NeighborTable neighbors, int workers = 1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)(workers - 1), (uint)(Limits.WorkersMax - 1),
            nameof(workers));
        Graph = graph;
        Clock = clock;
        Fdb = fdb;
        Neighbors = neighbors;
        WorkerCount = workers;
        Entries = new GraphEntries(graph);
        Wakers = new Sleeper?[workers];
        _lanes = new Lane[workers * workers];
        for (int n = 0; n < _lanes.Length; n++)
            _lanes[n] = new Lane();
    }

    public Graph Graph { get; }

    public Clock Clock { get; }

    /// <summary>The configuration's tables; replaced by the control plane.</summary>
    public Snapshot<SwitchTables> Root { get; } = new(SwitchTables.Empty);

    /// <summary>Addresses learned on bridges; written by worker 0.</summary>
    public FdbTable Fdb { get; }

    /// <summary>MAC addresses of neighbors; written by worker 0.</summary>
    public NeighborTable Neighbors { get; }

    /// <summary>Where packets enter the graph.</summary>
    public GraphEntries Entries { get; }

    /// <summary>UMEMs by number, for frames that come home from other workers' ports.</summary>
    public Umem?[] Umems { get; } = new Umem?[256];

    public int WorkerCount { get; }

    /// <summary>How to wake each worker; null while its thread does not run. Set before any thread starts.</summary>
    internal Sleeper?[] Wakers { get; }

    /// <summary>The rings from one worker to another.</summary>
    internal Lane LaneOf(int from, int to) => _lanes[(from * WorkerCount) + to];

    public void Dispose()
    {
        Fdb.Dispose();
        Neighbors.Dispose();
    }
}
