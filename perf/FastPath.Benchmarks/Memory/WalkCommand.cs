using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Telemetry;

namespace FastPath.Benchmarks.Memory;

/// <summary>One line of ./fp bench walk.</summary>
internal sealed record WalkResult(string Subject, int Packets, double NsPerPacket);

/// <summary>
/// ./fp bench walk: what walking packets by sets costs, and how large a batch should be (decision 0002). First a set
/// against a counted loop over the same slots, then nodes that do nothing, then whole scenarios by batch size.
/// </summary>
internal static class WalkCommand
{
    private const int Trials = 40;
    private const int BatchesPerTrial = 20_000;
    private const int NodesInChain = 8;

    public static int Run(Options options)
    {
        List<WalkResult> results = [];
        Print(results, "walk a full set", 64, WalkSet(ulong.MaxValue));
        Print(results, "walk half a set, scattered", 32, WalkSet(0x5A3C_96E1_C3A5_695A));
        Print(results, "walk a sparse set", 8, WalkSet(0x0101_0101_0101_0101));
        Print(results, "counted loop over the same slots", 64, CountedLoop(64));
        foreach (int packets in (int[])[64, 32, 16, 8, 1])
            Print(results, "one node that passes all on", packets, PassOn(packets));
        foreach (string name in (string[])["ip4", "bridge"])
            foreach (int size in (int[])[64, 32, 16, 8, 1])
                Print(results, $"whole graph, {name}", size, WholeGraph(name, options, size));
        if (options.Json != null)
            ResultFile.Write(options.Json, "walk", results);
        return 0;
    }

    private static void Print(List<WalkResult> results, string subject, int packets, double nanoseconds)
    {
        results.Add(new WalkResult(subject, packets, nanoseconds));
        Console.WriteLine($"{subject,-34} {packets,2} packets {nanoseconds,7:F2} ns/packet");
    }

    private static double WalkSet(ulong bits)
    {
        using CounterBlock counters = new(1);
        using Batch batch = new(counters);
        PacketSet set = new(bits);
        return Lowest(set.Count, () => SumOfSet(batch, set));
    }

    private static double CountedLoop(int count)
    {
        using CounterBlock counters = new(1);
        using Batch batch = new(counters);
        return Lowest(count, () => SumOfSlots(batch, count));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int SumOfSet(Batch batch, PacketSet packets)
    {
        int sum = 0;
        foreach (int slot in packets)
            sum += batch[slot].Length;
        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int SumOfSlots(Batch batch, int count)
    {
        int sum = 0;
        for (int slot = 0; slot < count; slot++)
            sum += batch[slot].Length;
        return sum;
    }

    /// <summary>Next, a virtual call, SendAll, End and the counter: all that a node costs before it does anything.</summary>
    private static double PassOn(int packets)
    {
        using CounterBlock counters = new(NodesInChain + 1);
        using Batch batch = new(counters);
        Node[] nodes = new Node[NodesInChain];
        for (byte n = 0; n < NodesInChain; n++)
            nodes[n] = new PassingNode(new NodeBuilder($"pass-{n}", new Dictionary<string, byte> { ["next"] = (byte)(n + 1) }));
        return Lowest(packets * NodesInChain, () => WalkChain(batch, counters, nodes, PacketSet.First(packets)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int WalkChain(Batch batch, CounterBlock counters, Node[] nodes, PacketSet entering)
    {
        batch.Enter(entering, new Edge(0));
        int node;
        while ((node = batch.Next(out PacketSet packets)) < nodes.Length)
        {
            nodes[node].Process(null!, batch, packets);
            batch.End(packets);
            counters.Handled(node) += (ulong)packets.Count;
        }

        return node;
    }

    private static double WholeGraph(string name, Options options, int batchSize) =>
        MemoryCommand.RunInOwnProcess(name, options, batchSize, isQuiet: true)[0].GetProperty("nsPerPacket").GetDouble();

    /// <summary>The lowest of many trials, in nanoseconds for each of the packets that one call handles.</summary>
    private static double Lowest(int packets, Func<int> walk)
    {
        long lowest = long.MaxValue;
        int kept = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int n = 0; n < BatchesPerTrial; n++)
                kept += walk();
            lowest = Math.Min(lowest, Stopwatch.GetTimestamp() - start);
        }

        GC.KeepAlive(BitOperations.PopCount((uint)kept));
        return (double)lowest / ((double)BatchesPerTrial * packets);
    }

    private sealed class PassingNode(NodeBuilder build) : Node(build)
    {
        private readonly Edge _next = build.Edge("next");

        public override void Process(Worker worker, Batch batch, PacketSet packets) => batch.SendAll(packets, _next);
    }
}
