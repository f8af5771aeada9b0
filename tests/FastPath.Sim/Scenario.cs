using System;
using System.Collections.Generic;
using FastPath.Dataplane.Ports;
using FastPath.Sim.World;

namespace FastPath.Sim;

/// <summary>
/// One seeded run: a random topology, then steps of random traffic, faults, clock jumps and configuration changes. After
/// each step the accounts must close, and frames and tables must be those of <see cref="Reference.ReferenceSwitch"/>.
/// </summary>
/// <remarks>
/// Each step draws from a generator of its own, so a run can be replayed with some steps left out. Random traffic is
/// delivered one packet a turn, which makes the order of packets the reference's; bursts fill whole batches and consist of
/// traffic whose result does not depend on the order.
/// </remarks>
internal sealed class Scenario : IDisposable
{
    private const long Millisecond = 1_000_000;
    private const int SettleTurns = 400;
    private const int DrainRounds = 8;

    // Own packets and errors that find too many waiting would make the order of a batch matter.
    private const int WaitingMax = 40;

    private readonly ulong _seed;
    private readonly IReadOnlyList<byte[]> _captured;
    private readonly Duel _duel;
    private readonly List<byte[]> _inputs = [];
    private Topology _topology;
    private SeededRandom _random;
    private Traffic _traffic;
    private string _kind = "start";

    public Scenario(ulong seed, IReadOnlyList<byte[]> captured, string? planted)
    {
        _seed = seed;
        _captured = captured;
        _random = new SeededRandom(seed);
        _topology = new TopologyGenerator(_random).Generate();
        _traffic = new Traffic(_random, _topology, captured);
        _duel = new Duel(seed, _topology, planted);
    }

    public Digest Digest { get; } = new();

    public Tally Tally { get; } = new();

    /// <summary>Carries out one step and judges it; null when all is right.</summary>
    public Failure? Step(int step)
    {
        _random = new SeededRandom(_seed ^ ((ulong)(step + 1) * 0xD6E8_FEB8_6659_FD93));
        _traffic = new Traffic(_random, _topology, _captured);
        _inputs.Clear();
        _duel.Begin();
        PassTime();
        Act();
        Tally.Steps++;
        string? fault = _duel.Reference.HasMetLimit && _kind != "errors" ? JudgeLoosely() : _duel.Compare();
        Note();
        return fault == null ? null : new Failure(_seed, step, _kind, fault + DescribeInputs());
    }

    public void Dispose() => _duel.Dispose();

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
        _duel.Switch.Advance(passed * Millisecond);
        Turn(packets: 0);
    }

    private void Turn(int packets) => Tally.Packets += _duel.Turn(packets);

    private void Settle(int packetsEachTurn)
    {
        for (int turn = 0; _duel.Switch.HasArrivals && turn < SettleTurns; turn++)
            Turn(packetsEachTurn);
        Turn(packets: 0);
    }

    private void Inject(int port, byte[] frame)
    {
        _inputs.Add([(byte)port, .. frame]);
        _duel.Switch.Inject(port, frame);
    }

    /// <summary>
    /// A limit was met: which packets it hit is the switch's choice, so only the accounts are judged. Then all waits and ages
    /// run out, after which both must agree again.
    /// </summary>
    private string? JudgeLoosely()
    {
        Tally.LooseSteps++;
        for (int n = 0; n < DrainRounds; n++)
        {
            if (_duel.Switch.Audit() is { } broken)
                return broken;
            _duel.Switch.Advance(n == 0 ? 301_000 * Millisecond : 1_100 * Millisecond);
            Turn(packets: 0);
        }

        int waiting = _duel.Switch.Worker.Resolver.HeldCount;
        if (_duel.Reference.Neighbors.WaitingCount + waiting != 0)
            return $"{waiting} packets still wait, {_duel.Reference.Neighbors.WaitingCount} expected";
        return _duel.Switch.Audit() ?? _duel.CompareTables();
    }

    private void Note()
    {
        Digest.Add(_duel.Switch.Now);
        foreach ((int port, byte[] frame) in _duel.Switch.Sent)
        {
            Digest.Add(port);
            Digest.Add(frame);
            Tally.Outputs++;
        }
    }

    private string DescribeInputs()
    {
        string text = $"\n inputs of the step ({_inputs.Count}, the last ones):";
        for (int n = Math.Max(0, _inputs.Count - 6); n < _inputs.Count; n++)
            text += $"\n  port {_inputs[n][0]} {Convert.ToHexString(_inputs[n].AsSpan(1))}";
        return text;
    }

    private void RandomTraffic()
    {
        _kind = "traffic";
        InjectRandom(1 + _random.Below(12));
        Settle(packetsEachTurn: 1);
        AnswerQuestions();
    }

    /// <summary>Neighbors answer what the switch has asked; some stay silent.</summary>
    private void AnswerQuestions()
    {
        foreach ((int Port, bool IsV6, UInt128 Address) question in new List<(int, bool, UInt128)>(_duel.Reference.Neighbors.Asked()))
            if (_random.Permille(500) && _traffic.TryAnswer(question, out int port, out byte[] frame))
                Inject(port, frame);
        Settle(packetsEachTurn: 1);
    }

    /// <summary>Whole batches between stations and neighbors that are known.</summary>
    private void Burst()
    {
        _kind = "burst";
        List<Interface> ends = [];
        foreach (Interface i in _topology.Interfaces.Values)
            if (i.IsRouted && i.Address4 != 0)
                ends.Add(i);
        if (ends.Count == 0)
            return;
        foreach (Interface end in ends)
            for (int host = 0; host < 4; host++)
                foreach ((int port, byte[] frame) in _traffic.Introduce(end, host))
                    Inject(port, frame);
        Settle(packetsEachTurn: 1);
        for (int n = 1 + _random.Below(200); n > 0; n--)
        {
            Interface from = ends[_random.Below(ends.Count)];
            Interface to = ends[_random.Below(ends.Count)];
            if (_traffic.TrySteady(from, _random.Below(4), to, _random.Below(4), out int port, out byte[] frame))
                Inject(port, frame);
        }

        Settle(packetsEachTurn: 64);
    }

    /// <summary>A new generation between turns: packets wait in ports, in faulty devices and for neighbors.</summary>
    private void ChangeInMidTraffic()
    {
        _kind = "change";
        _duel.Switch.SetRates(new FaultRates { Delay = 200 });
        InjectRandom(4 + _random.Below(10));
        for (int turn = _random.Below(6); turn > 0; turn--)
            Turn(packets: 1);
        if (new TopologyGenerator(_random).Change(_topology) is { } next)
        {
            _duel.Switch.Apply(next);
            _duel.Reference.Apply(next);
            _duel.Reference.Tick(_duel.Switch.Now);
            _topology = next;
            _traffic = new Traffic(_random, next, _captured);
            Tally.Changes++;
        }

        _duel.Switch.SetRates(default);
        InjectRandom(_random.Below(6));
        Settle(packetsEachTurn: 1);
        AnswerQuestions();
    }

    private void FaultyTraffic()
    {
        _kind = "faults";
        long before = _duel.Switch.Faults;
        _duel.Switch.SetRates(new FaultRates
        {
            ReceiveDrop = _random.Below(200),
            Duplicate = _random.Below(200),
            Truncate = _random.Below(100),
            Corrupt = _random.Below(200),
            Delay = _random.Below(300),
            RingFull = _random.Below(300),
            TransmitDrop = _random.Below(100),
            Loss = _random.Below(40),
        });
        InjectRandom(10 + _random.Below(30));
        Settle(packetsEachTurn: 1);
        _duel.Switch.SetRates(default);
        Turn(packets: 0); // the ring is no longer full after this turn
        Settle(packetsEachTurn: 1);
        Tally.Faults += _duel.Switch.Faults - before;
    }

    private void LoseDevice()
    {
        _kind = "loss";
        List<int> devices = [];
        foreach (Interface i in _topology.Interfaces.Values)
            if (i.Kind == InterfaceKind.Device)
                devices.Add(i.Number);
        InjectRandom(6);
        Turn(packets: 1);
        int lost = devices[_random.Below(devices.Count)];
        _duel.Switch.Lose(lost, turns: 1 + _random.Below(10));
        Tally.Faults++;
        InjectRandom(10);
        Settle(packetsEachTurn: 1);
        for (int turn = 0; turn < 12; turn++)
            Turn(packets: 0); // the device has returned
        Settle(packetsEachTurn: 1);
    }

    /// <summary>More errors than the rate limit lets through: exactly the first fifty are sent.</summary>
    private void FloodOfErrors()
    {
        _kind = "errors";
        if (!_traffic.TryExpired(out _, out _))
            return;
        if (_duel.Reference.Neighbors.WaitingCount != 0)
            return; // their errors would come first
        for (int n = 0; n < 100; n++)
            if (_traffic.TryExpired(out int port, out byte[] frame))
                Inject(port, frame);
        Settle(packetsEachTurn: 1);
    }

    private void InjectRandom(int count)
    {
        for (int n = 0; n < count && _duel.Reference.Neighbors.WaitingCount < WaitingMax; n++)
            if (_traffic.TryMake(out int port, out byte[] frame))
                Inject(port, frame);
    }
}
