using System;
using FastPath.Dataplane.Tables;

namespace FastPath.Dataplane.Engine;

/// <summary>Forgets addresses and neighbors that were silent for long. Worker 0, one slice each second.</summary>
[PerWorker]
internal static class Aging
{
    /// <summary>Ages a slice of both tables; returns where the next one starts.</summary>
    public static int Run(Worker worker, int at)
    {
        FdbTable fdb = worker.Fdb;
        NeighborTable neighbors = worker.Neighbors;
        int slots = Math.Max(fdb.Capacity, neighbors.Capacity);
        int end = Math.Min(at + Limits.AgeSlice, slots);
        fdb.Age(at, end - at, worker.Second, worker.Tables.AgingSeconds);
        for (int n = at; n < Math.Min(end, neighbors.Capacity); n++)
            if (neighbors.TryRead(n, out NeighborRecord neighbor))
                AgeNeighbor(worker, neighbor);
        return end == slots ? 0 : end;
    }

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
