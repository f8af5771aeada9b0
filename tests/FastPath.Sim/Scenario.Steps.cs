using System;
using System.Collections.Generic;
using FastPath.Dataplane.Ports;
using FastPath.Sim.World;

namespace FastPath.Sim;

/// <summary>What steps do.</summary>
internal sealed partial class Scenario
{
    // Own packets and errors that find too many waiting would make the order of a batch matter.
    private const int WaitingMax = 40;

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
        foreach ((int Port, bool IsV6, UInt128 Address) question in new List<(int, bool, UInt128)>(_duel.Reference.Asked()))
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
        if (_duel.Reference.WaitingCount != 0)
            return; // their errors would come first
        for (int n = 0; n < 100; n++)
            if (_traffic.TryExpired(out int port, out byte[] frame))
                Inject(port, frame);
        Settle(packetsEachTurn: 1);
    }

    private void InjectRandom(int count)
    {
        for (int n = 0; n < count && _duel.Reference.WaitingCount < WaitingMax; n++)
            if (_traffic.TryMake(out int port, out byte[] frame))
                Inject(port, frame);
    }
}
