using System;
using System.Collections.Generic;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace FastPath.Benchmarks.Tables;

/// <summary>
/// ./fp bench tables [FILTER]: tables, rings and checksums with BenchmarkDotNet. Exit status 1 when any of them allocated:
/// all of them run inside workers.
/// </summary>
internal static class TableBenchmarks
{
    /// <summary>Keys of one benchmark call: enough that the processor cannot learn the answers.</summary>
    public const int Keys = 4096;

    private static readonly Type[] s_classes =
    [
        typeof(Fib4Benchmark), typeof(Fib6Benchmark), typeof(FdbBenchmark), typeof(NeighborBenchmark), typeof(RingBenchmark),
        typeof(ChecksumBenchmark),
    ];

    public static int Run(Options options)
    {
        // In this process: the code is compiled as the benchmarks of the graph are, and nothing is generated or restored.
        ManualConfig config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .WithOptions(ConfigOptions.DisableLogFile);
        string[] filter = ["--filter", options.Subject is { } subject ? $"*{subject}*" : "*"];
        bool isClean = true;
        foreach (Summary summary in BenchmarkSwitcher.FromTypes(s_classes).Run(filter, config))
            isClean &= Check(summary);
        return isClean ? 0 : 1;
    }

    private static bool Check(Summary summary)
    {
        bool isClean = summary.Reports.Length != 0;
        foreach (BenchmarkReport report in summary.Reports)
        {
            long? allocated = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
            if (report.Success && allocated == 0)
                continue;
            ConsoleLogger.Default.WriteLineError($"{report.BenchmarkCase.DisplayInfo}: "
                + (report.Success ? $"{allocated} bytes allocated" : "did not run"));
            isClean = false;
        }

        return isClean;
    }

    /// <summary>Numbers of a fixed sequence.</summary>
    public static IEnumerable<T> Draw<T>(int count, Func<Random, T> one)
    {
        Random random = new(20_451);
        for (int n = 0; n < count; n++)
            yield return one(random);
    }
}
