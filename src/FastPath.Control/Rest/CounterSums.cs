using System;
using System.Collections.Generic;
using FastPath.Api;
using FastPath.Control.Metrics;

namespace FastPath.Control.Rest;

/// <summary>Counters of the whole switch from those of its workers: sums, and the largest of maxima.</summary>
internal static class CounterSums
{
    public static IReadOnlyList<CounterView> Of(IReadOnlyList<WorkerView> workers)
    {
        if (workers.Count == 1)
            return workers[0].Counters;
        List<CounterView> sums = [];
        Dictionary<string, int> places = [];
        foreach (WorkerView worker in workers)
            foreach (CounterView counter in worker.Counters)
                if (places.TryAdd(counter.Name, sums.Count))
                    sums.Add(counter);
                else
                    sums[places[counter.Name]] = Join(sums[places[counter.Name]], counter.Value);
        return sums;
    }

    private static CounterView Join(CounterView sum, ulong value) =>
        sum with { Value = CounterCatalog.IsMaximum(sum.Name) ? Math.Max(sum.Value, value) : sum.Value + value };
}
