using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace FastPath.Sim;

/// <summary>Leaves out steps of a failing run as long as it still fails.</summary>
internal static class Shrinker
{
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(20);

    /// <summary>Fewer steps that fail, too, and how; replays at most for 20 seconds.</summary>
    public static (List<int> Steps, Failure Failure) Shrink(List<int> steps, Failure failure, Func<List<int>, Failure?> replay)
    {
        Stopwatch watch = Stopwatch.StartNew();
        steps = steps.FindAll(step => step <= failure.Step);
        for (int size = Math.Max(1, steps.Count / 2); size >= 1 && watch.Elapsed < s_budget; size /= 2)
        {
            for (int at = 0; at < steps.Count && watch.Elapsed < s_budget;)
            {
                List<int> fewer = [.. steps];
                fewer.RemoveRange(at, Math.Min(size, fewer.Count - at));
                if (fewer.Count != 0 && replay(fewer) is { } still)
                    (steps, failure) = (fewer.FindAll(step => step <= still.Step), still);
                else
                    at += size;
            }
        }

        return (steps, failure);
    }
}
