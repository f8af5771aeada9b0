using System;
using System.Collections.Generic;

namespace FastPath.Api;

/// <summary>Finds what somebody meant to write.</summary>
public static class Nearest
{
    /// <summary>": did you mean ...?" when a known name is close, else ": known are ..."; empty when none is known.</summary>
    public static string Suggest(string name, IEnumerable<string> known)
    {
        string? best = null;
        int bestDistance = int.MaxValue;
        List<string> all = [];
        foreach (string candidate in known)
        {
            all.Add(candidate);
            int distance = Distance(name, candidate);
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }

        if (best == null)
            return "";
        if (bestDistance <= Math.Max(2, name.Length / 3))
            return $": did you mean \"{best}\"?";
        if (all.Count > 12)
            return "";
        all.Sort(StringComparer.Ordinal);
        return $": known are {string.Join(", ", all)}";
    }

    /// <summary>Levenshtein's distance, case ignored.</summary>
    public static int Distance(string a, string b)
    {
        int[] row = new int[b.Length + 1];
        for (int n = 0; n <= b.Length; n++)
            row[n] = n;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                int next = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost);
                (diagonal, row[j]) = (row[j], next);
            }
        }

        return row[b.Length];
    }
}
