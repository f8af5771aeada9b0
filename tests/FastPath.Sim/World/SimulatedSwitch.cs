using System;
using System.Collections.Generic;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Xdp;

namespace FastPath.Sim.World;

/// <summary>The switch under test: a whole worker on memory ports with faults, two packet memories, a clock moved by hand.</summary>
internal sealed class SimulatedSwitch : IDisposable
{
    private const int Chunks = 2048;

    private static readonly DropReason[] s_reasons = Enum.GetValues<DropReason>();

    private readonly Umem[] _memories = [Umem.Create(new UmemOptions(Chunks)), Umem.Create(new UmemOptions(Chunks))];
    private readonly ManualClock _clock = new();
    private readonly SwitchState _state;
    private readonly SortedDictionary<int, TapPort> _taps = [];
    private readonly Dictionary<int, MemoryPort> _devices = [];
    private readonly Gate _gate = new();
    private readonly int[] _byOwner = new int[Enum.GetValues<FrameOwner>().Length];
    private readonly ulong _seed;
    private FaultRates _rates;
    private long _generation;

    public SimulatedSwitch(ulong seed)
    {
        _seed = seed;
        _state = new SwitchState(Graph.Discover(), _clock, new FdbTable(4096, seed), new NeighborTable(4096, seed));
        foreach (Umem memory in _memories)
            _state.Umems[memory.Number] = memory;
        Worker = new Worker(_state, 0, _memories[0]);
    }

    public Worker Worker { get; }

    /// <summary>A fault that the judges must find; null for none.</summary>
    public string? Planted { get; init; }

    public long Now => _clock.Now().Nanoseconds;

    /// <summary>What the switch got, in order, since the last <see cref="Clear"/>.</summary>
    public List<(int Port, byte[] Frame)> Received { get; } = [];

    /// <summary>What the switch gave to ports, in order, since the last <see cref="Clear"/>.</summary>
    public List<(int Port, byte[] Frame)> Sent { get; } = [];

    /// <summary>Faults that happened, of all kinds.</summary>
    public long Faults
    {
        get
        {
            long sum = _retiredFaults;
            foreach (TapPort tap in _taps.Values)
                sum += FaultsOf(tap);
            return sum;
        }
    }

    private long _retiredFaults;
    private int _turns;

    /// <summary>Packets inside fault ports.</summary>
    public int Delayed
    {
        get
        {
            int sum = 0;
            foreach (TapPort tap in _taps.Values)
                sum += tap.Faults.Delayed;
            return sum;
        }
    }

    public void Advance(long nanoseconds) => _clock.Advance(nanoseconds);

    public void Inject(int port, byte[] frame)
    {
        if (_devices.TryGetValue(port, out MemoryPort? device))
            device.Inject(frame);
    }

    /// <summary>Whether packets wait to be received, or a device is away.</summary>
    public bool HasArrivals
    {
        get
        {
            foreach (TapPort tap in _taps.Values)
                if (tap.Faults.Delayed != 0 || tap.Faults.IsLost || _devices[tap.Index].Arriving != 0)
                    return true;
            return false;
        }
    }

    /// <summary>One turn that takes at most so many packets.</summary>
    public void Turn(int packets)
    {
        _gate.Left = packets;
        Worker.PollOnce();
        if (++_turns == 100)
            PlantOnce();
        foreach (MemoryPort device in _devices.Values)
            while (device.TryTake(out _))
            {
            }
    }

    public void SetRates(FaultRates rates)
    {
        _rates = rates;
        foreach (TapPort tap in _taps.Values)
            tap.Faults.Rates = rates;
    }

    /// <summary>Takes a device away for so many turns.</summary>
    public void Lose(int port, int turns)
    {
        if (_taps.TryGetValue(port, out TapPort? tap))
            tap.Faults.Lose(turns);
    }

    /// <summary>
    /// Makes a topology the next generation, and takes back what belonged to ports that are gone, as the control plane does:
    /// publish, wait until the worker has seen it, then flush tables and retire.
    /// </summary>
    public void Apply(Topology topology)
    {
        foreach (Interface i in topology.Interfaces.Values)
            if (i.Kind == InterfaceKind.Device && !_taps.ContainsKey(i.Number))
                AddDevice(i);
        Dictionary<int, Port> ports = [];
        foreach ((int number, TapPort tap) in _taps)
            ports[number] = tap;
        _state.Root.Publish(TableBuilder.Build(topology, ++_generation, ports));
        Turn(packets: 0);

        Worker.Commands.TryAdd(worker => Flush(worker, topology));
        foreach (TapPort tap in new List<TapPort>(_taps.Values))
        {
            if (topology.Interfaces.ContainsKey(tap.Index))
                continue;
            Worker.Commands.TryAdd(_ => tap.Retire());
            _taps.Remove(tap.Index);
            _devices.Remove(tap.Index);
            Turn(packets: 0);
            _retiredFaults += FaultsOf(tap);
            tap.Dispose();
        }

        Turn(packets: 0);
    }

    public void Clear()
    {
        Received.Clear();
        Sent.Clear();
    }

    public long Dropped(DropReason reason)
    {
        long total = 0;
        for (int node = 0; node < Worker.Graph.Count; node++)
            total += (long)Worker.Counters.ReadDrops(node, reason);
        return total;
    }

    /// <summary>Drops so far by node and reason.</summary>
    public Dictionary<(string Node, DropReason Reason), ulong> Drops()
    {
        Dictionary<(string, DropReason), ulong> drops = [];
        for (int node = 0; node < Worker.Graph.Count; node++)
            foreach (DropReason reason in s_reasons)
                if (Worker.Counters.ReadDrops(node, reason) is > 0 and ulong count)
                    drops[(Worker.Graph.Names[node], reason)] = count;
        return drops;
    }

    /// <summary>The learned tables, in the words of <see cref="Reference.ReferenceSwitch.Tables"/>.</summary>
    public SortedSet<string> Tables()
    {
        SortedSet<string> lines = new(StringComparer.Ordinal);
        for (int n = 0; n < _state.Fdb.Capacity; n++)
            if (_state.Fdb.TryRead(n, out FdbRecord line))
                lines.Add($"fdb {line.Bridge} {line.Mac:x12} port {line.Port}{(line.IsStatic ? " static" : "")}");
        for (int n = 0; n < _state.Neighbors.Capacity; n++)
            if (_state.Neighbors.TryRead(n, out NeighborRecord line))
                lines.Add($"neighbor {line.Key.Port} {new UInt128(line.Key.High, line.Key.Low):x} {line.Mac.Value:x12}"
                    + (line.State == NeighborState.Static ? " static" : ""));
        return lines;
    }

    /// <summary>What is wrong with the account of packets or frames; null when both close.</summary>
    public string? Audit()
    {
        CounterBlock c = Worker.Counters;
        ulong came = c[Counter.Received] + c[Counter.Created] + c[Counter.Copies] + c[Counter.Released] + c[Counter.HandedIn];
        ulong went = c[Counter.Sent] + c[Counter.Dropped] + c[Counter.Consumed] + c[Counter.Held] + c[Counter.HandedOut];
        if (came != went)
            return $"packets: {came} came, {went} went";
        if (c[Counter.Faults] != 0)
            return $"a node threw: {Worker.LastFault}";
        ulong held = c[Counter.Held] - c[Counter.Released];
        if (held != (ulong)Worker.Resolver.HeldCount)
            return $"packets: {held} held by the counters, {Worker.Resolver.HeldCount} in the resolver";
        if (Dropped(DropReason.Unspecified) != 0)
            return "a packet was dropped without a reason";
        return AuditFrames(Worker.Resolver.HeldCount + Delayed);
    }

    public void Dispose()
    {
        foreach (TapPort tap in _taps.Values)
        {
            tap.Retire();
            tap.Dispose();
        }

        Worker.Dispose();
        _state.Dispose();
        foreach (Umem memory in _memories)
            memory.Dispose();
    }

    /// <summary>Between turns every chunk is free or of a held packet.</summary>
    private string? AuditFrames(int heldPackets)
    {
        int heads = 0;
        foreach (Umem memory in _memories)
        {
            memory.Count(_byOwner);
            if (_byOwner[(int)FrameOwner.Free] != memory.FreeCount)
                return $"frames: {memory.FreeCount} on the free list, {_byOwner[(int)FrameOwner.Free]} owned by it";
            int held = _byOwner[(int)FrameOwner.Held];
            if (memory.FreeCount + held != memory.ChunkCount)
                return $"frames: {memory.FreeCount} free and {held} held of {memory.ChunkCount}";
            heads += held;
            for (int index = 0; index < memory.ChunkCount; index++)
                if (memory.EntryAt(index).Owner == FrameOwner.Held && memory.EntryAt(index).Next != 0)
                    heads--; // another one is behind it
        }

        return heads == heldPackets ? null : $"frames: {heads} held heads for {heldPackets} held packets";
    }

    private void AddDevice(Interface i)
    {
        MemoryPort device = new($"p{i.Number}", i.Number, _memories[i.Memory]);
        FaultPort faults = new(device, _seed + (ulong)i.Number) { Rates = _rates };
        _devices[i.Number] = device;
        _taps[i.Number] = new TapPort(faults, _gate, Received, Sent) { Planted = Planted };
    }

    private static void Flush(Worker worker, Topology topology)
    {
        for (int number = 1; number < Topology.InterfacesMax; number++)
        {
            if (topology.Interfaces.ContainsKey(number))
                continue;
            worker.Fdb.Flush(number, includeStatic: true);
            worker.Neighbors.Flush(number);
        }

        foreach (Interface i in topology.Interfaces.Values)
            if (i.Kind == InterfaceKind.BridgeInterface)
                worker.Fdb.SetStatic(FdbTable.Key(i.Bridge, i.Mac), i.Number);
        foreach (StaticNeighbor neighbor in topology.Neighbors)
            worker.Neighbors.Set(TableBuilder.Key(neighbor.Port, neighbor.IsV6, neighbor.Address), neighbor.Mac, NeighborState.Static, 0);
    }

    private void PlantOnce()
    {
        if (Planted == "leak")
            _memories[0].TryTake(out _);
        else if (Planted == "account")
            Worker.Counters[Counter.Received]++;
    }

    private static long FaultsOf(TapPort tap)
    {
        long sum = 0;
        foreach (Fault fault in Enum.GetValues<Fault>())
            sum += tap.Faults[fault];
        return sum;
    }
}
