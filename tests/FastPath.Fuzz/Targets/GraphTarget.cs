using System.Collections.Generic;
using FastPath.Sim;
using FastPath.Sim.World;

namespace FastPath.Fuzz.Targets;

/// <summary>
/// The whole switch: frames go in by every port, no node may throw, every packet must leave, the accounts close, and what is
/// sent is what the reference switch of the simulator sends.
/// </summary>
internal sealed class GraphTarget : Target
{
    private const long Millisecond = 1_000_000;
    private const int PerSwitch = 2000;

    private readonly Topology _topology = Corpus.GraphTargetTopology();
    private readonly List<int> _devices = [];
    private Duel _duel;
    private int _inputs;

    public GraphTarget()
    {
        foreach (Interface i in _topology.Interfaces.Values)
            if (i.Kind == InterfaceKind.Device)
                _devices.Add(i.Number);
        _duel = new Duel(1, _topology, planted: null);
    }

    public override string Name => "graph";

    public override IReadOnlyList<byte[]> Seeds => Corpus.Frames;

    public override void Run(byte[] input)
    {
        if (++_inputs % PerSwitch == 0)
            Renew();
        _duel.Begin();
        // Old enough that no limit of errors and no queue of a neighbor is ever met.
        _duel.Switch.Advance(4_000 * Millisecond);
        for (int n = 0; n < 4; n++)
        {
            _duel.Switch.Advance(1_100 * Millisecond);
            _duel.Turn(packets: 0);
        }

        // The port follows from the bytes: an input alone reproduces its way.
        int port = _devices[Sum(input) % _devices.Count];
        byte[] frame = [.. input];
        if (frame.Length >= 6 && (frame[5] & 1) == 0 && _topology.Interfaces[port].Mac is > 0 and ulong mac)
            Sim.Reference.Bytes.Put(frame, 0, 6, mac);
        _duel.Switch.Inject(port, frame);
        _duel.Turn(packets: 64);
        if (_duel.Reference.HasMetLimit)
            Renew();
        else if (_duel.Compare() is { } fault)
            throw new PropertyException(fault);
    }

    public override void Dispose()
    {
        _duel.Dispose();
        base.Dispose();
    }

    private void Renew()
    {
        _duel.Dispose();
        _duel = new Duel(1, _topology, planted: null);
    }

    private static int Sum(byte[] bytes)
    {
        int sum = 0;
        foreach (byte octet in bytes)
            sum += octet;
        return sum;
    }
}
