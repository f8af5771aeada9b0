using System;
using System.Collections.Generic;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Telemetry;
using FastPath.Sim.Reference;
using FastPath.Sim.World;

namespace FastPath.Sim;

/// <summary>
/// One seeded run: a random topology, then steps of random traffic, faults, clock jumps and configuration changes. After
/// each step the accounts must close, and the frames sent must be those of <see cref="ReferenceSwitch"/>.
/// </summary>
/// <remarks>
/// Each step draws from a generator of its own, so a run can be replayed with some steps left out. Random traffic is
/// delivered one packet a turn, which makes the order of packets the reference's; bursts fill whole batches and consist of
/// traffic whose result does not depend on the order.
/// </remarks>
internal sealed partial class Scenario : IDisposable
{
    private const long Millisecond = 1_000_000;
    private const int SettleTurns = 400;

    private readonly ulong _seed;
    private readonly IReadOnlyList<byte[]> _captured;
    private readonly SimulatedSwitch _switch;
    private readonly ReferenceSwitch _reference;
    private readonly List<byte[]> _inputs = [];
    private Topology _topology;
    private SeededRandom _random;
    private Traffic _traffic;
    private long _ringFull;
    private Dictionary<(string Node, DropReason Reason), ulong> _drops = [];
    private string _kind = "start";

    public Scenario(ulong seed, IReadOnlyList<byte[]> captured, string? planted)
    {
        _seed = seed;
        _captured = captured;
        _random = new SeededRandom(seed);
        _topology = new TopologyGenerator(_random).Generate();
        _traffic = new Traffic(_random, _topology, captured);
        _switch = new SimulatedSwitch(seed) { Planted = planted };
        _reference = new ReferenceSwitch(_topology) { Planted = planted };
        _reference.AddStatic();
        _switch.Apply(_topology);
        _switch.Clear();
    }

    public Digest Digest { get; } = new();

    public Tally Tally { get; } = new();

    /// <summary>Carries out one step and judges it; null when all is right.</summary>
    public Failure? Step(int step)
    {
        _random = new SeededRandom(_seed ^ ((ulong)(step + 1) * 0xD6E8_FEB8_6659_FD93));
        _traffic = new Traffic(_random, _topology, _captured);
        _inputs.Clear();
        _ringFull = _switch.Dropped(DropReason.TxRingFull);
        _drops = _switch.Drops();
        PassTime();
        Act();
        Tally.Steps++;
        string? fault = Judge();
        _switch.Clear();
        _reference.Outputs.Clear();
        return fault == null ? null : new Failure(_seed, step, _kind, fault + DescribeDrops() + DescribeInputs());
    }

    public void Dispose() => _switch.Dispose();

    private void Act()
    {
        switch (_random.Below(100))
        {
            case < 62: RandomTraffic(); break;
            case < 74: Burst(); break;
            case < 84: ChangeInMidTraffic(); break;
            case < 92: FaultyTraffic(); break;
            case < 96: LoseDevice(); break;
            default: FloodOfErrors(); break;
        }
    }

    /// <summary>Usually a little, sometimes up to a neighbor's next question, seldom beyond all ages.</summary>
    private void PassTime()
    {
        long passed = _random.Below(100) switch
        {
            < 70 => 60 + _random.Below(100),
            < 94 => 900 + _random.Below(400),
            < 98 => 60_000 + _random.Below(20_000),
            _ => 301_000 + _random.Below(900_000),
        };
        _switch.Advance(passed * Millisecond);
        Turn(packets: 0);
    }

    /// <summary>One turn of the switch, then the same for the reference.</summary>
    private void Turn(int packets)
    {
        int seen = _switch.Received.Count;
        _switch.Turn(packets);
        for (int n = seen; n < _switch.Received.Count; n++)
            _reference.Receive(_switch.Received[n].Port, _switch.Received[n].Frame, _switch.Now);
        _reference.Tick(_switch.Now);
        Tally.Packets += _switch.Received.Count - seen;
    }

    private void Settle(int packetsEachTurn)
    {
        for (int turn = 0; _switch.HasArrivals && turn < SettleTurns; turn++)
            Turn(packetsEachTurn);
        Turn(packets: 0);
    }

    private void Inject(int port, byte[] frame)
    {
        _inputs.Add([(byte)port, .. frame]);
        _switch.Inject(port, frame);
    }

    private string? Judge()
    {
        if (_switch.Audit() is { } broken)
            return broken;
        if (DescribeTables() is { } tables)
            return tables;
        List<Output> expected = [.. _reference.Outputs];
        Digest.Add(_switch.Now);
        foreach ((int port, byte[] frame) in _switch.Sent)
        {
            Digest.Add(port);
            Digest.Add(frame);
            Tally.Outputs++;
            int match = expected.FindIndex(output => output.Port == port && output.Matches(frame));
            if (match < 0)
                return $"port {port} sent what it should not:\n  {Convert.ToHexString(frame)}{Describe(expected)}";
            expected.RemoveAt(match);
        }

        // What finds the ring full is dropped and counted: as many frames are missing as the switch says.
        long full = _switch.Dropped(DropReason.TxRingFull) - _ringFull;
        if (_reference.WaitingCount != _switch.Worker.Resolver.HeldCount)
            return $"{_switch.Worker.Resolver.HeldCount} packets wait for neighbors, expected {_reference.WaitingCount}";
        return expected.Count == full ? null : $"{expected.Count} frames are missing, {full} found a full ring{Describe(expected)}";
    }

    private static string Describe(List<Output> expected)
    {
        string text = "\n expected, and not sent:";
        for (int n = 0; n < Math.Min(expected.Count, 4); n++)
            text += $"\n  port {expected[n].Port} {Convert.ToHexString(expected[n].Bytes)}";
        return expected.Count == 0 ? "\n nothing more was expected" : text;
    }

    /// <summary>How the learned tables differ; null when they are equal.</summary>
    private string? DescribeTables()
    {
        SortedSet<string> real = _switch.Tables();
        SortedSet<string> right = _reference.Tables();
        if (real.SetEquals(right))
            return null;
        SortedSet<string> missing = new(right, StringComparer.Ordinal);
        missing.ExceptWith(real);
        real.ExceptWith(right);
        return $"tables: missing [{string.Join(", ", missing)}], too many [{string.Join(", ", real)}]";
    }

    private string DescribeDrops()
    {
        string text = "\n drops of the step:";
        foreach (((string node, DropReason reason), ulong count) in _switch.Drops())
            if (count - _drops.GetValueOrDefault((node, reason)) is > 0 and ulong more)
                text += $" {node} {reason} {more},";
        return text.TrimEnd(',');
    }

    private string DescribeInputs()
    {
        string text = $"\n inputs of the step ({_inputs.Count}, the last ones):";
        for (int n = Math.Max(0, _inputs.Count - 6); n < _inputs.Count; n++)
            text += $"\n  port {_inputs[n][0]} {Convert.ToHexString(_inputs[n].AsSpan(1))}";
        return text;
    }
}

/// <summary>What a run has done.</summary>
internal sealed class Tally
{
    public long Steps { get; set; }

    public long Packets { get; set; }

    public long Outputs { get; set; }

    public long Changes { get; set; }

    public long Faults { get; set; }

    public void Add(Tally other)
    {
        Steps += other.Steps;
        Packets += other.Packets;
        Outputs += other.Outputs;
        Changes += other.Changes;
        Faults += other.Faults;
    }
}
