using System;
using System.Collections.Generic;
using System.Diagnostics;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Telemetry;

namespace FastPath.Benchmarks.Memory;

/// <summary>One node's share: nanoseconds for each packet of the scenario and packets in a call.</summary>
internal sealed record NodeTime(string Node, double NsPerPacket, double PacketsPerCall);

/// <summary>
/// Times each node: walks full batches itself, as the worker does, and reads the clock before and after every node. The
/// cost of reading is measured in the same run and subtracted. "port-input" is the ports' receive, "port-flush" the
/// worker's end of turn (transmit, completions, fill ring), "walk" what is between the nodes.
/// </summary>
internal sealed class NodeTimer : IDisposable
{
    private const int RoundsWarmUp = 4000;
    private const int Rounds = 2000;

    private readonly BenchSwitch _bench;
    private readonly BenchPort _port;
    private readonly FrameSet _frames;
    private readonly CounterBlock _counters;
    private readonly Batch _batch;
    private readonly Node[] _nodes;
    private readonly long[][] _times; // by place, then by round
    private readonly long[] _calls;
    private int _round;

    public NodeTimer(BenchSwitch bench, BenchPort port, FrameSet frames)
    {
        _bench = bench;
        _port = port;
        _frames = frames;
        _counters = new CounterBlock(bench.Worker.Graph.Count);
        _batch = new Batch(_counters);
        _nodes = bench.Worker.Graph.Instantiate();
        _times = new long[_nodes.Length + 3][];
        for (int n = 0; n < _times.Length; n++)
            _times[n] = new long[Rounds];
        _calls = new long[_times.Length];
    }

    private int Input => _nodes.Length;

    private int Flush => _nodes.Length + 1;

    private int Walk => _nodes.Length + 2;

    public List<NodeTime> Run()
    {
        _port.BatchLimit = Batch.Capacity;
        for (int n = 0; n < RoundsWarmUp; n++)
            Round(n % Rounds);
        Array.Clear(_calls);
        foreach (long[] times in _times)
            Array.Clear(times);
        for (int n = 0; n < Rounds; n++)
            Round(n);
        return Report();
    }

    private void Round(int round)
    {
        _round = round;
        foreach (long[] times in _times)
            times[round] = 0;
        _port.Deliver(_frames);
        while (_port.Arriving != 0)
            Turn();
    }

    private void Turn()
    {
        _port.ShowBatch();
        long at = Stopwatch.GetTimestamp();
        int received = _port.Port.Receive(_batch, 0, Batch.Capacity);
        Note(Input, ref at);
        _batch.Enter(PacketSet.First(received), _bench.Worker.Entries.EthernetInput);
        int node;
        while ((node = _batch.Next(out PacketSet packets)) >= 0)
        {
            Note(Walk, ref at);
            _nodes[node].Process(_bench.Worker, _batch, packets);
            Note(node, ref at);
            _batch.End(packets);
        }

        foreach (int slot in _batch.Finish())
            _bench.Worker.UmemOf(_batch[slot].Frame).ReleasePacket(_batch[slot].Frame);
        Note(Walk, ref at);
        // The worker finds nothing to receive, because nothing more was shown: what is left of its turn is the end.
        _bench.Worker.PollOnce();
        Note(Flush, ref at);
    }

    private void Note(int place, ref long at)
    {
        long now = Stopwatch.GetTimestamp();
        _times[place][_round] += now - at;
        _calls[place]++;
        at = Stopwatch.GetTimestamp();
    }

    /// <summary>The lower quartile of the rounds, less the cost of the clock: a round has no room for luck, but for noise.</summary>
    private List<NodeTime> Report()
    {
        double clock = ClockCost();
        List<NodeTime> report = [];
        foreach (int place in Order())
        {
            if (_calls[place] == 0)
                continue;
            Array.Sort(_times[place]);
            double calls = (double)_calls[place] / Rounds;
            double nanoseconds = (_times[place][Rounds / 4] - (calls * clock)) / FrameSet.Frames;
            report.Add(new NodeTime(NameOf(place), nanoseconds, FrameSet.Frames / calls));
        }

        return report;
    }

    private IEnumerable<int> Order()
    {
        yield return Input;
        for (int node = 0; node < _nodes.Length; node++)
            yield return node;
        yield return Flush;
        yield return Walk;
    }

    private string NameOf(int place) =>
        place == Input ? "port-input" : place == Flush ? "port-flush" : place == Walk ? "walk" : _bench.Worker.Graph.Names[place];

    /// <summary>Time between two reads with nothing between them.</summary>
    private static double ClockCost()
    {
        const int Reads = 4096;
        long lowest = long.MaxValue;
        for (int trial = 0; trial < 32; trial++)
        {
            long sum = 0;
            for (int n = 0; n < Reads; n++)
            {
                long before = Stopwatch.GetTimestamp();
                sum += Stopwatch.GetTimestamp() - before;
            }

            lowest = Math.Min(lowest, sum);
        }

        return (double)lowest / Reads;
    }

    public void Dispose()
    {
        _batch.Dispose();
        _counters.Dispose();
    }
}
