using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace FastPath.Benchmarks.Memory;

/// <summary>./fp bench memory</summary>
internal static class MemoryCommand
{
    private static readonly int[] s_batchSizes = [64, 8, 1];

    /// <summary>Runs every scenario.</summary>
    public static int RunAll(Options options)
    {
        List<JsonElement> results = [];
        foreach (Scenario scenario in Scenario.All)
            results.AddRange(RunInOwnProcess(scenario.Name, options, options.Batch, isQuiet: false));
        if (options.Json != null)
            ResultFile.Write(options.Json, "memory", results);
        return 0;
    }

    /// <summary>
    /// Runs a scenario in a process of its own: the compiler's profile of one must not shape the code of another.
    /// </summary>
    public static IReadOnlyList<JsonElement> RunInOwnProcess(string scenario, Options options, int? batchSize, bool isQuiet)
    {
        string file = Path.GetTempFileName();
        try
        {
            List<string> arguments = ["memory", scenario, "--json", file, "--cpu", $"{options.Cpu}", "--chunk", $"{options.ChunkBytes}"];
            if (options.Nodes)
                arguments.Add("--nodes");
            if (batchSize is int size)
                arguments.AddRange(["--batch", $"{size}"]);
            ProcessStartInfo start = new(Environment.ProcessPath!, arguments) { RedirectStandardOutput = isQuiet };
            using Process child = Process.Start(start)!;
            if (isQuiet)
                child.StandardOutput.ReadToEnd();
            child.WaitForExit();
            if (child.ExitCode != 0)
                throw new InvalidOperationException($"scenario {scenario} ended with {child.ExitCode}");
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
            return [.. document.RootElement.GetProperty("results").EnumerateArray().Select(result => result.Clone())];
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static int RunOne(Options options)
    {
        Scenario? scenario = Scenario.All.FirstOrDefault(each => each.Name == options.Subject);
        if (scenario is null)
        {
            Console.Error.WriteLine($"no scenario {options.Subject}: one of {string.Join(", ", Scenario.All.Select(each => each.Name))}");
            return 2;
        }

        List<MemoryResult> results = [];
        Console.WriteLine($"{scenario.Name}: {scenario.Text}");
        foreach (int batchSize in options.Batch is int one ? [one] : s_batchSizes)
        {
            using BenchSwitch bench = new(options.ChunkBytes);
            (BenchPort port, FrameSet frames) = scenario.Build(bench);
            MemoryResult result = new Measurement(bench, port, frames).Run(scenario, batchSize);
            if (options.Nodes && batchSize == 64)
            {
                using NodeTimer timer = new(bench, port, frames);
                result = result with { Nodes = timer.Run() };
            }

            Print(result);
            results.Add(result);
        }

        if (options.Json != null)
            ResultFile.Write(options.Json, "memory", results);
        return 0;
    }

    private static void Print(MemoryResult result)
    {
        Console.WriteLine($"  batch {result.BatchSize,2}: {result.NsPerPacket,6:F1} ns/packet (median {result.NsMedian:F1}, "
            + $"lowest round {result.NsLowestRound:F1}), {result.AllocatedBytesPerMillion:F0} bytes allocated per million packets, "
            + $"{result.Windows} windows, {result.WindowsThrownAway} thrown away");
        foreach (NodeTime node in result.Nodes ?? [])
            Console.WriteLine($"    {node.Node,-16} {node.NsPerPacket,6:F2} ns/packet, {node.PacketsPerCall,4:F0} packets a call");
        if (result.Nodes is { } nodes)
            Console.WriteLine($"    {"sum",-16} {nodes.Sum(node => node.NsPerPacket),6:F2}");
    }
}
