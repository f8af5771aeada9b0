using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using FastPath.Net;

namespace FastPath.Benchmarks.Tables;

/// <summary>The prefixes of the Internet, tests/data/rib (see its SOURCES.md). Next hops are assigned by number.</summary>
internal static class InternetTable
{
    public const int NextHops = 256;

    /// <summary>An even sample of the IPv4 prefixes.</summary>
    public static List<(Ip4Address Address, int Length, int Adjacency)> Ip4(int count)
    {
        List<(Ip4Address, int, int)> routes = [];
        foreach (IpPrefix prefix in Sample(isV4: true, count))
            routes.Add((prefix.Address.V4, prefix.Length, 1 + (routes.Count % NextHops)));
        return routes;
    }

    /// <summary>An even sample of the IPv6 prefixes.</summary>
    public static List<(Ip6Address Address, int Length, int Adjacency)> Ip6(int count)
    {
        List<(Ip6Address, int, int)> routes = [];
        foreach (IpPrefix prefix in Sample(isV4: false, count))
            routes.Add((prefix.Address.V6, prefix.Length, 1 + (routes.Count % NextHops)));
        return routes;
    }

    private static IEnumerable<IpPrefix> Sample(bool isV4, int count)
    {
        List<IpPrefix> all = [];
        foreach (string line in Lines())
            if (line.Contains(':', StringComparison.Ordinal) != isV4)
                all.Add(IpPrefix.Parse(line));
        if (count > all.Count)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"the table has {all.Count} prefixes");
        for (long n = 0; n < count; n++)
            yield return all[(int)(n * all.Count / count)];
    }

    private static IEnumerable<string> Lines()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "rib", "bart-prefixes.txt.gz");
        using StreamReader reader = new(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
