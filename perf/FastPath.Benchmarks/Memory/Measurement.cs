using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace FastPath.Benchmarks.Memory;

/// <summary>What one run of a scenario gave. Times are nanoseconds per packet, over the whole graph and both ports.</summary>
internal sealed record MemoryResult(string Scenario, string Text, int BatchSize, double NsPerPacket, double NsMedian,
    double NsLowestRound, double AllocatedBytesPerMillion, long Packets, int Windows, int WindowsThrownAway, int FrameBytes)
{
    /// <summary>Nanoseconds per packet by node; only with --nodes.</summary>
    public IReadOnlyList<NodeTime>? Nodes { get; init; }
}

/// <summary>
/// Times a scenario. A round is 2,048 frames: they are delivered untimed, then the worker is stepped until they have left,
/// timed. Rounds add up to windows of 50 ms; the figure is the lowest of 20 windows in which the hypervisor took no time
/// away (steal of /proc/stat). A window with steal is repeated, at most 60 times.
/// </summary>
internal sealed class Measurement(BenchSwitch bench, BenchPort port, FrameSet frames)
{
    private const int WindowsWanted = 20;
    private const int RepetitionsMax = 60;
    private const long WindowNanoseconds = 50_000_000;
    private const long WarmUpNanoseconds = 2_000_000_000;

    private long _lowestRound = long.MaxValue;

    public MemoryResult Run(Scenario scenario, int batchSize)
    {
        port.BatchLimit = batchSize;
        WarmUp();
        List<double> windows = [];
        int thrownAway = 0;
        long packets = 0;
        long allocated = 0;
        while (windows.Count < WindowsWanted && thrownAway <= RepetitionsMax)
        {
            long stolen = Steal.Read();
            (double nanoseconds, long count, long bytes) = Window();
            allocated += bytes;
            packets += count;
            if (Steal.Read() == stolen)
                windows.Add(nanoseconds);
            else
                thrownAway++;
        }

        bench.CheckNothingDropped();
        if (windows.Count == 0)
            throw new InvalidOperationException("no window without steal: the machine is too busy to measure anything");
        windows.Sort();
        return new MemoryResult(scenario.Name, scenario.Text, batchSize, windows[0], windows[windows.Count / 2],
            (double)_lowestRound / FrameSet.Frames, allocated * 1e6 / packets, packets, windows.Count, thrownAway, frames.FrameBytes);
    }

    /// <summary>Until the compiler has finished with tiers and profiles, as in a daemon that has run for a while.</summary>
    private void WarmUp()
    {
        long end = Stopwatch.GetTimestamp() + WarmUpNanoseconds;
        while (Stopwatch.GetTimestamp() < end)
            Round();
        _lowestRound = long.MaxValue;
    }

    private (double Nanoseconds, long Packets, long Allocated) Window()
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long timed = 0;
        long packets = 0;
        while (timed < WindowNanoseconds)
        {
            long round = Round();
            timed += round;
            packets += FrameSet.Frames;
            if (round < _lowestRound)
                _lowestRound = round;
        }

        return ((double)timed / packets, packets, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    private long Round()
    {
        port.Deliver(frames);
        long start = Stopwatch.GetTimestamp(); // nanoseconds on Linux; two reads a round of some 50,000
        while (port.Arriving != 0)
        {
            port.ShowBatch();
            bench.Worker.PollOnce();
        }

        return Stopwatch.GetTimestamp() - start;
    }
}
