using System;
using FastPath.Dataplane.Tables;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// Forgets addresses and neighbors that were silent for long. Worker 0, one slice of each table each second, so that a
/// table of any size is through in 64 seconds at most.
/// </summary>
[PerWorker]
internal struct Aging
{
    private int _fdbAt;
    private int _neighborsAt;

    /// <summary>Ages the next slice of both tables.</summary>
    public void Run(Worker worker)
    {
        FdbTable fdb = worker.Fdb;
        int slots = SliceOf(fdb.Capacity);
        fdb.Age(_fdbAt, slots, worker.Second, worker.Tables.AgingSeconds);
        _fdbAt = Next(_fdbAt, slots, fdb.Capacity);

        NeighborTable neighbors = worker.Neighbors;
        slots = SliceOf(neighbors.Capacity);
        for (int n = _neighborsAt; n < Math.Min(_neighborsAt + slots, neighbors.Capacity); n++)
            if (neighbors.TryRead(n, out NeighborRecord neighbor))
                AgeNeighbor(worker, neighbor);
        _neighborsAt = Next(_neighborsAt, slots, neighbors.Capacity);
    }

    private static int SliceOf(int capacity) => Math.Max(Limits.AgeSlice, capacity / Limits.AgeSlicesMax);

    private static int Next(int at, int slots, int capacity) => at + slots >= capacity ? 0 : at + slots;

    /// <summary>
    /// Asks a neighbor again when it was not heard of for a while, and forgets it when that had no effect.
    /// </summary>
    private static void AgeNeighbor(Worker worker, in NeighborRecord neighbor)
    {
        if (neighbor.State != NeighborState.Reachable)
            return;
        uint age = worker.Second - neighbor.ConfirmedSecond;
        if (age >= Limits.NeighborAgeSeconds)
            worker.Neighbors.Remove(neighbor.Key);
        else if (age >= Limits.NeighborFreshSeconds)
            worker.Ask(neighbor.Key);
    }
}
