using System;
using System.Collections.Generic;
using System.IO;

namespace FastPath.Tests.Packets;

/// <summary>The captures in tests/data/pcap.</summary>
public static class Captures
{
    /// <summary>The directory of the captures, found upward from the program.</summary>
    public static string Directory { get; } = Find();

    /// <summary>All capture files, in order of their paths.</summary>
    public static IReadOnlyList<string> Files()
    {
        List<string> files = [.. System.IO.Directory.EnumerateFiles(Directory, "*.pcap*", SearchOption.AllDirectories)];
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private static string Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at != null; at = at.Parent)
        {
            string path = Path.Combine(at.FullName, "tests", "data", "pcap");
            if (System.IO.Directory.Exists(path))
                return path;
        }

        throw new DirectoryNotFoundException("tests/data/pcap is not above " + AppContext.BaseDirectory);
    }
}
