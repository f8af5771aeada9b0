using System;
using System.Collections.Generic;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// Sorts nodes so that every edge but the declared back edges leads to a higher number (Kahn's algorithm).
/// </summary>
[Control]
internal static class TopologicalOrder
{
    public static List<string> Of(IReadOnlyCollection<string> names, IReadOnlyList<EdgeDeclaration> edges)
    {
        Dictionary<string, int> incoming = [];
        foreach (string name in names)
            incoming[name] = 0;
        foreach (EdgeDeclaration edge in edges)
            if (!edge.Recirculates)
                incoming[edge.To]++;

        // Ordered by name among equals: the same build gives the same numbers on every machine.
        SortedSet<string> ready = new(StringComparer.Ordinal);
        foreach ((string name, int count) in incoming)
            if (count == 0)
                ready.Add(name);

        List<string> order = [];
        while (ready.Count > 0)
        {
            string name = ready.Min!;
            ready.Remove(name);
            order.Add(name);
            foreach (EdgeDeclaration edge in edges)
                if (edge.From == name && !edge.Recirculates && --incoming[edge.To] == 0)
                    ready.Add(edge.To);
        }

        if (order.Count == names.Count)
            return order;

        List<string> stuck = [];
        foreach (string name in names)
            if (!order.Contains(name))
                stuck.Add(name);
        stuck.Sort(StringComparer.Ordinal);
        throw new InvalidOperationException(
            $"the graph has a cycle through {string.Join(", ", stuck)}: declare a back edge");
    }
}
