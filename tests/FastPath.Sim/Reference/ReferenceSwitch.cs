using System;
using System.Collections.Generic;
using FastPath.Sim.World;

namespace FastPath.Sim.Reference;

/// <summary>
/// What the switch must do, written from the RFCs and the documented rules as slow, obvious code on byte arrays and
/// dictionaries, one packet at a time. Shares no type with the data plane. Says for each input which frames leave where.
/// </summary>
internal sealed class ReferenceSwitch
{
    public const long Second = 1_000_000_000;

    private readonly Dictionary<(int Bridge, ulong Mac), FdbLine> _fdb = [];
    private long _errorsPaidUntil;
    private long _nextAging = long.MaxValue;

    public ReferenceSwitch(Topology topology)
    {
        Topology = topology;
        Neighbors = new ReferenceNeighbors(this);
        Ip4 = new ReferenceIp4(this);
        Ip6 = new ReferenceIp6(this);
        Vxlan = new ReferenceVxlan(this);
    }

    public Topology Topology { get; private set; }

    public ReferenceNeighbors Neighbors { get; }

    public ReferenceIp4 Ip4 { get; }

    public ReferenceIp6 Ip6 { get; }

    public ReferenceVxlan Vxlan { get; }

    /// <summary>Nanoseconds.</summary>
    public long Now { get; private set; }

    /// <summary>Configurations so far.</summary>
    public int Generation { get; private set; } = 1;

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
        Neighbors.AddLines(lines);
        return lines;
    }

    /// <summary>Takes over a new configuration, after what left it was flushed.</summary>
    public void Apply(Topology next)
    {
        foreach (((int bridge, ulong mac), FdbLine line) in new List<KeyValuePair<(int, ulong), FdbLine>>(_fdb))
            if (!next.Interfaces.ContainsKey(line.Port))
                _fdb.Remove((bridge, mac));
        Neighbors.Forget(next);
        Topology = next;
        Generation++;
        AddStatic();
    }

    /// <summary>Enters what the configuration names: own addresses of bridge interfaces, neighbors.</summary>
    public void AddStatic()
    {
        foreach (Interface i in Topology.Interfaces.Values)
            if (i.Kind == InterfaceKind.BridgeInterface)
                _fdb[(i.Bridge, i.Mac)] = new FdbLine(i.Number, true, 0);
        foreach (StaticNeighbor neighbor in Topology.Neighbors)
            Neighbors.AddStatic(neighbor);
    }

    /// <summary>A frame arrives by a port.</summary>
    public void Receive(int port, byte[] frame, long now)
    {
        Now = now;
        Ethernet(new Flow { Bytes = frame, From = port, IsLong = frame.Length > 4032 - 256 });
    }

    /// <summary>Time has passed: questions are repeated, what is old is forgotten.</summary>
    public void Tick(long now)
    {
        Now = now;
        List<Action> due = [];
        Neighbors.RepeatQuestions(due);
        if (_nextAging <= now)
            Age(due);
        foreach (Action action in due) // what timers cause happens when all of them have run
            action();
    }

    public void Ethernet(Flow flow)
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
            bool isHorizon = port.Kind == InterfaceKind.Tunnel && Find(line.Port)?.Kind == InterfaceKind.Tunnel;
            if (line.Port != flow.From && !isHorizon)
                Deliver(flow, line.Port);
        }
        else if (!isGroup || flow.DestinationMac >> 4 != 0x0180_C200_0000 >> 4)
            Flood(flow, port);
    }

    private void Flood(Flow flow, Interface from)
    {
        foreach (Interface to in Topology.Members(from.Bridge))
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
                Vxlan.Encapsulate(flow, Find(to)!);
                break;
            case InterfaceKind.BridgeInterface:
                Route(flow with { From = to });
                break;
        }
    }

    /// <summary>A routed frame enters a bridge by its routed interface.</summary>
    public void EnterBridge(Flow flow, Interface bvi)
    {
        bool isGroup = (flow.Bytes[0] & 1) != 0;
        flow = flow with { From = bvi.Number, IsGroup = isGroup };
        if (isGroup || !_fdb.TryGetValue((bvi.Bridge, flow.DestinationMac), out FdbLine? line))
            Flood(flow, bvi);
        else if (Find(line.Port)?.Kind is InterfaceKind.Device or InterfaceKind.Tunnel)
            Deliver(flow, line.Port);
    }

    public void Route(Flow flow)
    {
        Flow inner = flow with { Bytes = flow.Bytes[14..], EthernetSource = flow.SourceMac };
        switch (flow.EtherType)
        {
            case 0x0800: Ip4.Input4(inner); break;
            case 0x86DD: Ip6.Input6(inner); break;
            case 0x0806: Neighbors.Arp(flow); break;
        }
    }

    /// <summary>Puts an Ethernet header in front and sends a routed packet out of its interface.</summary>
    public void SendRouted(Flow flow, int port, ulong mac, int type, bool isEncapsulated = false)
    {
        Interface to = Find(port)!;
        byte[] frame = [.. Bytes.Of(6, mac), .. Bytes.Of(6, to.Mac), .. Bytes.Of(2, (uint)type), .. flow.Bytes];
        if (to.Kind == InterfaceKind.Device)
            Send(port, frame, isEncapsulated);
        else if (!isEncapsulated) // an underlay through a bridge could lead into the tunnel itself
            EnterBridge(flow with { Bytes = frame }, to);
    }

    public void Send(int port, byte[] frame, bool isEncapsulated = false)
    {
        if (Find(port) is { } to && frame.Length <= to.Mtu + 14 + 4)
            Outputs.Add(new Output(port, frame, isEncapsulated));
    }

    private void Learn(int bridge, ulong mac, int port)
    {
        bool isKnown = _fdb.TryGetValue((bridge, mac), out FdbLine? line);
        if (isKnown && line!.IsStatic)
            return;
        _fdb[(bridge, mac)] = new FdbLine(port, false, Now / Second);
        if (!isKnown)
            StartAging();
    }

    /// <summary>Ages are looked at each second while there is anything.</summary>
    public void StartAging()
    {
        if (_nextAging == long.MaxValue)
            _nextAging = Now + Second;
    }

    private void Age(List<Action> due)
    {
        long second = Now / Second;
        foreach (((int bridge, ulong mac), FdbLine line) in new List<KeyValuePair<(int, ulong), FdbLine>>(_fdb))
            if (!line.IsStatic && second - line.Seen >= 300)
                _fdb.Remove((bridge, mac));
        Neighbors.Age(second, due);
        _nextAging = _fdb.Count + Neighbors.Count == 0 ? long.MaxValue : Now + Second;
    }

    /// <summary>1,000 errors a second, 50 at once (RFC 1812 section 4.3.2.8).</summary>
    public bool MaySendError()
    {
        const long Each = Second / 1000;
        _errorsPaidUntil = Math.Max(_errorsPaidUntil, Now - (50 * Each));
        if (_errorsPaidUntil + Each > Now)
        {
            HasMetLimit = true;
            return false;
        }

        _errorsPaidUntil += Each;
        return true;
    }

    public Interface? Find(int number) => Topology.Interfaces.GetValueOrDefault(number);
}
