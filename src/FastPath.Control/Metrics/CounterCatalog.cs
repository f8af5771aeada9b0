using System;
using System.Collections.Generic;
using System.Reflection;
using FastPath.Dataplane.Telemetry;

namespace FastPath.Control.Metrics;

/// <summary>What there is to know about workers' counters, read once from the enum's attributes.</summary>
internal static class CounterCatalog
{
    private static readonly Dictionary<string, Entry> s_entries = Read();

    /// <summary>Every counter in the order of its declaration.</summary>
    public static IEnumerable<Entry> All => s_entries.Values;

    /// <summary>Whether a counter keeps the largest value seen instead of a sum.</summary>
    public static bool IsMaximum(string name) => s_entries.TryGetValue(name, out Entry? entry) && entry.IsMaximum;

    private static Dictionary<string, Entry> Read()
    {
        Dictionary<string, Entry> entries = [];
        foreach (Counter counter in Enum.GetValues<Counter>())
        {
            string member = counter.ToString();
            CounterAttribute attribute = typeof(Counter).GetField(member)!.GetCustomAttribute<CounterAttribute>()!;
            string name = char.ToLowerInvariant(member[0]) + member[1..];
            entries[name] = new Entry(name, attribute.Unit, attribute.Sentence, attribute.IsMaximum);
        }

        return entries;
    }

    /// <param name="Name">As in the API: camelCase.</param>
    /// <param name="Unit">What it counts.</param>
    /// <param name="Sentence">What it means.</param>
    /// <param name="IsMaximum">Keeps the largest value seen.</param>
    internal sealed record Entry(string Name, string Unit, string Sentence, bool IsMaximum);
}
