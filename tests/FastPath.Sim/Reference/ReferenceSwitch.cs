using System;
using System.Collections.Generic;
using FastPath.Sim.World;

namespace FastPath.Sim.Reference;

/// <summary>
/// What the switch must do, written from the RFCs and the documented rules as slow, obvious code on byte arrays and
/// dictionaries, one packet at a time. Shares no type with the data plane. Says for each input which frames leave where.
/// </summary>
internal sealed partial class ReferenceSwitch(Topology topology)
{
    private const long Second = 1_000_000_000;

    private readonly Dictionary<(int Bridge, ulong Mac), FdbLine> _fdb = [];
    private Topology _topology = topology;
    private long _now;
    private long _errorsPaidUntil;
    private int _generation = 1;

    /// <summary>Frames that should have left since the last look.</summary>
    public List<Output> Outputs { get; } = [];

    /// <summary>
    /// A limit was reached: 16 packets for a neighbor, or the rate of errors. Which packets it hit depends on the order in
    /// a batch, which the switch is free to choose.
    /// </summary>
    public bool HasMetLimit { get; set; }

    /// <summary>The rule that changes so that the simulator can prove that it would see it; null for none.</summary>
    public string? Planted { get; init; }

    private sealed record FdbLine(int Port, bool IsStatic, long Seen);

    /// <summary>What the switch's tables must say, one line an entry.</summary>
    public SortedSet<string> Tables()
    {
        SortedSet<string> lines = new(StringComparer.Ordinal);
        foreach (((int bridge, ulong mac), FdbLine line) in _fdb)
            lines.Add($"fdb {bridge} {mac:x12} port {line.Port}{(line.IsStatic ? " static" : "")}");
        foreach ((NeighborName name, NeighborLine line) in _neighbors)
            lines.Add($"neighbor {name.Port} {name.Address:x} {line.Mac:x12}{(line.IsStatic ? " static" : "")}");
        return lines;
    }

    /// <summary>Takes over a new configuration, after what left it was flushed.</summary>
    public void Apply(Topology next)
    {
        foreach (((int bridge, ulong mac), FdbLine line) in new List<KeyValuePair<(int, ulong), FdbLine>>(_fdb))
            if (!next.Interfaces.ContainsKey(line.Port))
                _fdb.Remove((bridge, mac));
        foreach (NeighborName name in new List<NeighborName>(_neighbors.Keys))
            if (!next.Interfaces.ContainsKey(name.Port))
                _neighbors.Remove(name);
        _topology = next;
        _generation++;
        AddStatic();
    }

    /// <summary>Enters what the configuration names: own addresses of bridge interfaces, neighbors.</summary>
    public void AddStatic()
    {
        foreach (Interface i in _topology.Interfaces.Values)
            if (i.Kind == InterfaceKind.BridgeInterface)
                _fdb[(i.Bridge, i.Mac)] = new FdbLine(i.Number, true, 0);
        foreach (StaticNeighbor neighbor in _topology.Neighbors)
            _neighbors[new NeighborName(neighbor.Port, neighbor.IsV6, neighbor.Address)] = new NeighborLine(neighbor.Mac, true, 0);
    }

    /// <summary>A frame arrives by a port.</summary>
    public void Receive(int port, byte[] frame, long now)
    {
        _now = now;
        Ethernet(new Flow { Bytes = frame, From = port, IsLong = frame.Length > 4032 - 256 });
    }

    /// <summary>Time has passed: questions are repeated, what is old is forgotten.</summary>
    public void Tick(long now)
    {
        _now = now;
        List<Action> due = [];
        RepeatQuestions(due);
        if (_nextAging <= now)
            Age(due);
        foreach (Action action in due) // what timers cause happens when all of them have run
            action();
    }

    private void Ethernet(Flow flow)
    {
        if (flow.Bytes.Length < 14 || (flow.Bytes[6] & 1) != 0 || Find(flow.From) is not { } port)
            return;
        flow = flow with { IsGroup = flow.IsGroup || (flow.Bytes[0] & 1) != 0 };
        if (port.Bridge != 0)
            Bridge(flow, port);
        else if (port.IsRouted && ((flow.Bytes[0] & 1) != 0 || flow.DestinationMac == port.Mac))
            Route(flow);
    }

    private void Bridge(Flow flow, Interface port)
    {
        Learn(port.Bridge, flow.SourceMac, flow.From);
        bool isGroup = (flow.Bytes[0] & 1) != 0;
        if (!isGroup && _fdb.TryGetValue((port.Bridge, flow.DestinationMac), out FdbLine? line))
        {
            if (line.Port != flow.From)
                Deliver(flow, line.Port);
        }
        else if (!isGroup || flow.DestinationMac >> 4 != 0x0180_C200_0000 >> 4)
            Flood(flow, port);
    }

    private void Flood(Flow flow, Interface from)
    {
        foreach (Interface to in _topology.Members(from.Bridge))
        {
            bool isHorizon = from.Kind == InterfaceKind.Tunnel && to.Kind == InterfaceKind.Tunnel;
            bool hears = to.Kind != InterfaceKind.BridgeInterface || flow.IsGroup;
            if (to.Number != from.Number && !isHorizon && hears)
                Deliver(flow, to.Number);
        }
    }

    private void Deliver(Flow flow, int to)
    {
        switch (Find(to)?.Kind)
        {
            case InterfaceKind.Device:
                Send(to, flow.Bytes);
                break;
            case InterfaceKind.Tunnel:
                Encapsulate(flow, Find(to)!);
                break;
            case InterfaceKind.BridgeInterface:
                Route(flow with { From = to });
                break;
        }
    }

    /// <summary>A routed frame enters a bridge by its routed interface.</summary>
    private void EnterBridge(Flow flow, Interface bvi)
    {
        bool isGroup = (flow.Bytes[0] & 1) != 0;
        flow = flow with { From = bvi.Number, IsGroup = isGroup };
        if (isGroup || !_fdb.TryGetValue((bvi.Bridge, flow.DestinationMac), out FdbLine? line))
            Flood(flow, bvi);
        else if (Find(line.Port)?.Kind is InterfaceKind.Device or InterfaceKind.Tunnel)
            Deliver(flow, line.Port);
    }

    private void Route(Flow flow)
    {
        Flow inner = flow with { Bytes = flow.Bytes[14..], EthernetSource = flow.SourceMac };
        switch (flow.EtherType)
        {
            case 0x0800: Input4(inner); break;
            case 0x86DD: Input6(inner); break;
            case 0x0806: Arp(flow); break;
        }
    }

    /// <summary>Puts an Ethernet header in front and sends a routed packet out of its interface.</summary>
    private void SendRouted(Flow flow, int port, ulong mac, int type, bool isEncapsulated = false)
    {
        Interface to = Find(port)!;
        byte[] frame = [.. Bytes.Of(6, mac), .. Bytes.Of(6, to.Mac), .. Bytes.Of(2, (uint)type), .. flow.Bytes];
        if (to.Kind == InterfaceKind.Device)
            Send(port, frame, isEncapsulated);
        else if (!isEncapsulated) // an underlay through a bridge could lead into the tunnel itself
            EnterBridge(flow with { Bytes = frame }, to);
    }

    private void Send(int port, byte[] frame, bool isEncapsulated = false)
    {
        if (Find(port) is { } to && frame.Length <= to.Mtu + 14 + 4)
            Outputs.Add(new Output(port, frame, isEncapsulated));
    }

    private void Learn(int bridge, ulong mac, int port)
    {
        bool isKnown = _fdb.TryGetValue((bridge, mac), out FdbLine? line);
        if (isKnown && line!.IsStatic)
            return;
        _fdb[(bridge, mac)] = new FdbLine(port, false, _now / Second);
        if (!isKnown && _nextAging == long.MaxValue)
            _nextAging = _now + Second;
    }

    /// <summary>1,000 errors a second, 50 at once (RFC 1812 section 4.3.2.8).</summary>
    private bool MaySendError()
    {
        const long Each = Second / 1000;
        _errorsPaidUntil = Math.Max(_errorsPaidUntil, _now - (50 * Each));
        if (_errorsPaidUntil + Each > _now)
        {
            HasMetLimit = true;
            return false;
        }

        _errorsPaidUntil += Each;
        return true;
    }

    private Interface? Find(int number) => _topology.Interfaces.GetValueOrDefault(number);
}
