using System;

namespace FastPath.Netns.Support;

/// <summary>How often a test repeats what it tests.</summary>
internal static class Counts
{
    /// <summary>All of it with <c>./fp test --long</c>, else a tenth. Printed by <c>./fp test</c>.</summary>
    public static int Of(int all, string what)
    {
        int count = Environment.GetEnvironmentVariable("FP_LONG") == "1" ? all : all / 10;
        Console.WriteLine($"count: {count} {what}");
        return count;
    }
}
