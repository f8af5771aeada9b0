using System;
using System.Collections.Generic;
using FastPath.Dataplane.Telemetry;
using FastPath.Sim.Reference;
using FastPath.Sim.World;

namespace FastPath.Sim;

/// <summary>The switch and its reference side by side: both get the same, and must do the same.</summary>
internal sealed class Duel : IDisposable
{
    private long _ringFull;
    private Dictionary<(string Node, DropReason Reason), ulong> _drops = [];

    public Duel(ulong seed, Topology topology, string? planted)
    {
        Switch = new SimulatedSwitch(seed) { Planted = planted };
        Reference = new ReferenceSwitch(topology) { Planted = planted };
        Reference.AddStatic();
        Switch.Apply(topology);
        Begin();
    }

    public SimulatedSwitch Switch { get; }

    public ReferenceSwitch Reference { get; }

    /// <summary>Forgets what was sent so far.</summary>
    public void Begin()
    {
        Switch.Clear();
        Reference.Outputs.Clear();
        Reference.HasMetLimit = false;
        _drops = Switch.Drops();
        _ringFull = Switch.Dropped(DropReason.TxRingFull);
    }

    /// <summary>One turn of the switch, then the same for the reference; returns how many packets came.</summary>
    public int Turn(int packets)
    {
        int seen = Switch.Received.Count;
        Switch.Turn(packets);
        for (int n = seen; n < Switch.Received.Count; n++)
            Reference.Receive(Switch.Received[n].Port, Switch.Received[n].Frame, Switch.Now);
        Reference.Tick(Switch.Now);
        return Switch.Received.Count - seen;
    }

    /// <summary>What differs since <see cref="Begin"/>; null when the frames sent, the tables and the accounts are right.</summary>
    public string? Compare()
    {
        if ((Switch.Audit() ?? CompareTables()) is { } broken)
            return broken + DescribeDrops();
        List<Output> expected = [.. Reference.Outputs];
        foreach ((int port, byte[] frame) in Switch.Sent)
        {
            int match = expected.FindIndex(output => output.Port == port && output.Matches(frame));
            if (match < 0)
                return $"port {port} sent what it should not:\n  {Convert.ToHexString(frame)}{Describe(expected)}{DescribeDrops()}";
            expected.RemoveAt(match);
        }

        int waiting = Switch.Worker.Resolver.HeldCount;
        if (Reference.Neighbors.WaitingCount != waiting)
            return $"{waiting} packets wait for neighbors, expected {Reference.Neighbors.WaitingCount}{DescribeDrops()}";
        // What finds the ring full is dropped and counted: as many frames are missing as the switch says.
        long full = Switch.Dropped(DropReason.TxRingFull) - _ringFull;
        return expected.Count == full
            ? null
            : $"{expected.Count} frames are missing, {full} found a full ring{Describe(expected)}{DescribeDrops()}";
    }

    /// <summary>How the learned tables differ; null when they are equal.</summary>
    public string? CompareTables()
    {
        SortedSet<string> real = Switch.Tables();
        SortedSet<string> right = Reference.Tables();
        if (real.SetEquals(right))
            return null;
        SortedSet<string> missing = new(right, StringComparer.Ordinal);
        missing.ExceptWith(real);
        real.ExceptWith(right);
        return $"tables: missing [{string.Join(", ", missing)}], too many [{string.Join(", ", real)}]";
    }

    public void Dispose() => Switch.Dispose();

    private static string Describe(List<Output> expected)
    {
        string text = "\n expected, and not sent:";
        for (int n = 0; n < Math.Min(expected.Count, 4); n++)
            text += $"\n  port {expected[n].Port} {Convert.ToHexString(expected[n].Bytes)}";
        return expected.Count == 0 ? "\n nothing more was expected" : text;
    }

    private string DescribeDrops()
    {
        string text = "\n drops of the step:";
        foreach (((string node, DropReason reason), ulong count) in Switch.Drops())
            if (count - _drops.GetValueOrDefault((node, reason)) is > 0 and ulong more)
                text += $" {node} {reason} {more},";
        return text.TrimEnd(',');
    }
}
