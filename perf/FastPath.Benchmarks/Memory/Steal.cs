using System;
using System.Globalization;
using System.IO;

namespace FastPath.Benchmarks.Memory;

/// <summary>Time the hypervisor gave to others, in ticks of 10 ms over all processors (proc(5), /proc/stat).</summary>
internal static class Steal
{
    private const int StealField = 8;

    public static long Read()
    {
        using StreamReader stat = new("/proc/stat");
        string[] fields = stat.ReadLine()!.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(fields[StealField], CultureInfo.InvariantCulture);
    }
}
