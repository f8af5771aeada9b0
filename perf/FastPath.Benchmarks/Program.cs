using System;
using System.Threading;
using FastPath.Benchmarks.Memory;
using FastPath.Benchmarks.Tables;
using FastPath.Xdp;

namespace FastPath.Benchmarks;

/// <summary>The benchmarks of FastPath; ./fp bench builds and starts it.</summary>
internal static class Program
{
    private const string Usage = """
        usage: ./fp bench memory [SCENARIO] [--nodes] [--batch N] [--json FILE]   the graph in memory, ns per packet
               ./fp bench walk [--json FILE]                                      packet sets and the size of a batch
               ./fp bench tables [FILTER]                                         tables, rings, checksums; none may allocate
        scenarios: ip4 ip6 bridge encap decap (all, one process each, when none is named)
        --chunk BYTES: chunk size, 4,032 when not given (perf/chunks.sh compares)
        --cpu N: the processor to measure on (the last one when not given)
        """;

    private static int Main(string[] args)
    {
        if (!Options.TryParse(args, out Options options, out string error))
        {
            Console.Error.WriteLine(error);
            Console.Error.WriteLine(Usage);
            return 2;
        }

        return options.Verb switch
        {
            "memory" when options.Subject is null => MemoryCommand.RunAll(options),
            "memory" => OnOwnThread(options, MemoryCommand.RunOne),
            "tables" => TableBenchmarks.Run(options),
            "walk" => OnOwnThread(options, WalkCommand.Run),
            _ => Fail(),
        };
    }

    /// <summary>Measures on a pinned thread; the main thread's mask would be inherited by the compiler's threads.</summary>
    private static int OnOwnThread(Options options, Func<Options, int> command)
    {
        int result = 1;
        Thread thread = new(() =>
        {
            CpuAffinity.PinCurrentThread(options.Cpu);
            result = command(options);
        });
        thread.Start();
        thread.Join();
        return result;
    }

    private static int Fail()
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }
}
