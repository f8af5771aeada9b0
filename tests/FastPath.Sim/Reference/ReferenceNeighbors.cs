using System;
using System.Collections.Generic;
using FastPath.Sim.World;

namespace FastPath.Sim.Reference;

/// <summary>An address on an interface.</summary>
internal readonly record struct NeighborName(int Port, bool IsV6, UInt128 Address);

/// <summary>ARP, neighbor discovery, packets that wait, and ages.</summary>
internal sealed class ReferenceNeighbors(ReferenceSwitch owner)
{
    private readonly Dictionary<NeighborName, NeighborLine> _neighbors = [];
    private readonly List<Question> _questions = [];
    private readonly List<Waiting> _waiting = [];

    private sealed record NeighborLine(ulong Mac, bool IsStatic, long Confirmed);

    private sealed class Question(NeighborName name, long due)
    {
        public NeighborName Name { get; } = name;

        public long Due { get; set; } = due;

        public int Asked { get; set; } = 1;
    }

    private sealed record Waiting(Flow Flow, NeighborName Name, Route Route, int Generation, bool IsEncapsulated);

    /// <summary>Packets that wait for neighbors.</summary>
    public int WaitingCount => _waiting.Count;

    /// <summary>Neighbors that are being asked for.</summary>
    public IEnumerable<(int Port, bool IsV6, UInt128 Address)> Asked()
    {
        foreach (Question question in _questions)
            yield return (question.Name.Port, question.Name.IsV6, question.Name.Address);
    }

    public void Arp(Flow flow)
    {
        byte[] b = flow.Bytes;
        if (b.Length < 42 || Bytes.Read(b, 14, 6) != 0x0001_0800_0604 || Bytes.U16(b, 20) is not (1 or 2) || (b[22] & 1) != 0)
            return;
        ulong senderMac = Bytes.Read(b, 22, 6);
        UInt128 sender = Bytes.Read(b, 28, 4);
        UInt128 target = Bytes.Read(b, 38, 4);
        bool isOurs = IsOwn(flow.From, false, target);
        NeighborName name = new(flow.From, false, sender);
        bool isKnown = _neighbors.ContainsKey(name) || IsAsking(name);
        bool speaksToUs = isOurs && IsOnLink(flow.From, false, sender);
        if (sender != 0 && senderMac != 0 && !IsOwn(flow.From, false, sender) && (speaksToUs || isKnown))
            LearnNeighbor(name, senderMac);
        if (!isOurs || Bytes.U16(b, 20) != 1)
            return;
        Interface port = owner.Find(flow.From)!;
        byte[] reply = [.. b];
        b[22..28].CopyTo(reply, 0);
        Bytes.Put(reply, 6, 6, port.Mac);
        Bytes.Put(reply, 20, 2, 2);
        Bytes.Put(reply, 22, 6, port.Mac);
        Bytes.Put(reply, 28, 4, target);
        b[22..32].CopyTo(reply, 32);
        SendFrame(port, flow with { Bytes = reply, IsOwn = true });
    }

    public void NeighborDiscovery(Flow flow, int at)
    {
        byte[] b = flow.Bytes;
        int length = b.Length - at;
        if (length < 24 || flow.IsLong || b[7] != 255 || b[at + 1] != 0 || b[at + 8] == 0xFF || !ReferenceIp6.IsIcmp6Right(b, at))
            return;
        UInt128 target = Bytes.U128(b, at + 8);
        UInt128 source = Bytes.U128(b, 8);
        bool isQuestion = b[at] == 135;
        if (!TryFindOption(b, at + 24, isQuestion ? 1 : 2, out ulong? mac))
            return;
        if (isQuestion)
            Solicited(flow, source, target, mac);
        else if ((b[at + 4] & 0x40) == 0 || b[24] != 0xFF)
            Advertised(flow.From, target, mac, isAnswer: (b[at + 4] & 0x40) != 0, mayReplace: (b[at + 4] & 0x20) != 0);
    }

    private void Advertised(int port, UInt128 target, ulong? mac, bool isAnswer, bool mayReplace)
    {
        NeighborName name = new(port, true, target);
        bool isExpected = !IsOwn(port, true, target)
            && ((isAnswer && IsOnLink(port, true, target)) || IsAsking(name) || _neighbors.ContainsKey(name));
        mayReplace |= !_neighbors.TryGetValue(name, out NeighborLine? line) || line.Mac == mac;
        if (isExpected && mayReplace && mac is { } address && address != 0 && (address >> 40 & 1) == 0)
            LearnNeighbor(name, address);
    }

    private void Solicited(Flow flow, UInt128 source, UInt128 target, ulong? mac)
    {
        bool isProbe = source == 0;
        UInt128 solicited = (new UInt128(0xFF02UL << 48, 0x1_FF00_0000)) | (target & 0xFF_FFFF);
        if ((isProbe && (mac != null || Bytes.U128(flow.Bytes, 24) != solicited)) || (mac >> 40 & 1) == 1 || !IsOwn(flow.From, true, target))
            return;
        if (mac is not (null or 0) && IsOnLink(flow.From, true, source) && !IsOwn(flow.From, true, source))
            LearnNeighbor(new NeighborName(flow.From, true, source), mac.Value);
        Interface port = owner.Find(flow.From)!;
        UInt128 to = isProbe ? new UInt128(0xFF02UL << 48, 1) : source;
        ulong toMac = isProbe ? 0x3333_0000_0001 : mac is null or 0 ? flow.EthernetSource : mac.Value;
        byte[] body = [136, 0, 0, 0, (byte)(isProbe ? 0xA0 : 0xE0), 0, 0, 0, .. Bytes.Of(16, target), 2, 1, .. Bytes.Of(6, port.Mac)];
        byte[] packet = ReferenceIp6.Own6(target, to, body, hops: 255);
        owner.SendRouted(flow with { Bytes = packet, IsOwn = true }, flow.From, toMac, 0x86DD);
    }

    /// <summary>The first link-layer address of a type; false when an option is malformed (RFC 4861 section 4.6).</summary>
    private static bool TryFindOption(byte[] b, int at, int type, out ulong? mac)
    {
        mac = null;
        while (at < b.Length)
        {
            if (at + 1 == b.Length || b[at + 1] == 0 || at + (b[at + 1] * 8) > b.Length)
                return false;
            if (mac == null && b[at] == type && b[at + 1] == 1)
                mac = Bytes.Read(b, at + 2, 6);
            at += b[at + 1] * 8;
        }

        return true;
    }

    private bool IsOwn(int port, bool isV6, UInt128 address)
    {
        if (isV6 && address >> 118 == 0xFE80 >> 6)
            return owner.Find(port)?.LinkLocal == address;
        return owner.Topology.Find(isV6, address) is { Kind: RouteKind.Local } route && route.Port == port;
    }

    /// <summary>Only senders of a network of the interface are kept as neighbors.</summary>
    private bool IsOnLink(int port, bool isV6, UInt128 address)
    {
        if (isV6 && address >> 118 == 0xFE80 >> 6)
            return true;
        return owner.Topology.Find(isV6, address) is { Kind: RouteKind.Connected } route && route.Port == port;
    }

    private bool IsAsking(NeighborName name) => _questions.Exists(question => question.Name == name);

    private void LearnNeighbor(NeighborName name, ulong mac)
    {
        if (!_neighbors.TryGetValue(name, out NeighborLine? line) || !line.IsStatic)
            _neighbors[name] = new NeighborLine(mac, false, owner.Now / ReferenceSwitch.Second);
        owner.StartAging();
        foreach (Waiting waiting in EndQuestion(name))
            LetGo(waiting, isAnswered: true);
    }

    /// <summary>Ends a question; returns the packets that waited for it.</summary>
    private List<Waiting> EndQuestion(NeighborName name)
    {
        _questions.RemoveAll(question => question.Name == name);
        List<Waiting> released = _waiting.FindAll(waiting => waiting.Name == name);
        _waiting.RemoveAll(waiting => waiting.Name == name);
        return released;
    }

    private void LetGo(Waiting waiting, bool isAnswered)
    {
        if (isAnswered && waiting.Flow.Depth == 4)
            return;
        Flow flow = isAnswered ? waiting.Flow with { Depth = waiting.Flow.Depth + 1 } : waiting.Flow;
        bool isV6 = waiting.Name.IsV6;
        if (!isAnswered && isV6)
            owner.Ip6.Error6(flow, 1, 3, 0);
        else if (!isAnswered)
            owner.Ip4.Error4(flow, 3, 1, 0);
        else if (waiting.Generation != owner.Generation && isV6)
            owner.Ip6.Lookup6(flow);
        else if (waiting.Generation != owner.Generation)
            owner.Ip4.Lookup4(flow, waiting.IsEncapsulated);
        else if (isV6)
            owner.Ip6.Forward6(flow, waiting.Route);
        else
            owner.Ip4.Forward4(flow, waiting.Route, waiting.IsEncapsulated);
    }

    /// <summary>Keeps a packet until its neighbor answers: 512 packets, 16 for each of 128 neighbors.</summary>
    public void Hold(Flow flow, NeighborName name, Route route, bool isEncapsulated)
    {
        bool isNew = !IsAsking(name);
        int same = _waiting.FindAll(waiting => waiting.Name == name).Count;
        if (_waiting.Count == 512 || same == 16 || (isNew && _questions.Count == 128))
        {
            owner.HasMetLimit = true;
            return;
        }

        _waiting.Add(new Waiting(flow, name, route, owner.Generation, isEncapsulated));
        if (!isNew)
            return;
        _questions.Add(new Question(name, owner.Now + ReferenceSwitch.Second));
        Ask(name);
    }

    public void RepeatQuestions(List<Action> due)
    {
        foreach (Question question in new List<Question>(_questions))
        {
            if (question.Due > owner.Now)
                continue;
            bool isKnown = _neighbors.ContainsKey(question.Name); // by the configuration
            if (isKnown || question.Asked == 3)
            {
                foreach (Waiting waiting in EndQuestion(question.Name))
                    due.Add(() => LetGo(waiting, isKnown));
                continue;
            }

            question.Asked++;
            question.Due = owner.Now + ReferenceSwitch.Second;
            due.Add(() => Ask(question.Name));
        }
    }

    private void Ask(NeighborName name)
    {
        if (owner.Find(name.Port) is not { } port)
            return;
        Flow flow = new() { Bytes = [], IsOwn = true };
        if (!name.IsV6)
        {
            byte[] frame = [.. Bytes.Of(6, 0xFFFF_FFFF_FFFF), .. Bytes.Of(6, port.Mac), 8, 6, 0, 1, 8, 0, 6, 4, 0, 1,
                .. Bytes.Of(6, port.Mac), .. Bytes.Of(4, port.Address4), 0, 0, 0, 0, 0, 0, .. Bytes.Of(4, name.Address)];
            SendFrame(port, flow with { Bytes = frame });
            return;
        }

        UInt128 group = new UInt128(0xFF02UL << 48, 0x1_FF00_0000UL | (ulong)(name.Address & 0xFF_FFFF));
        bool isLinkLocal = name.Address >> 118 == 0xFE80 >> 6;
        UInt128 source = isLinkLocal || port.Address6 == 0 ? port.LinkLocal : port.Address6;
        byte[] body = [135, 0, 0, 0, 0, 0, 0, 0, .. Bytes.Of(16, name.Address), 1, 1, .. Bytes.Of(6, port.Mac)];
        owner.SendRouted(flow with { Bytes = ReferenceIp6.Own6(source, group, body, hops: 255) }, port.Number,
            0x3333_0000_0000 | (ulong)(group & 0xFFFF_FFFF), 0x86DD);
    }

    public void SendFrame(Interface port, Flow flow)
    {
        if (port.Kind == InterfaceKind.Device)
            owner.Send(port.Number, flow.Bytes);
        else
            owner.EnterBridge(flow, port);
    }

    /// <summary>Asks those again that were not heard of for a minute, forgets them after five.</summary>
    public void Age(long second, List<Action> due)
    {
        foreach ((NeighborName name, NeighborLine line) in new List<KeyValuePair<NeighborName, NeighborLine>>(_neighbors))
        {
            if (line.IsStatic)
                continue;
            if (second - line.Confirmed >= 300)
                _neighbors.Remove(name);
            else if (second - line.Confirmed >= 60)
                due.Add(() => Ask(name));
        }
    }

    public int Count => _neighbors.Count;

    public bool TryFind(NeighborName name, out ulong mac)
    {
        mac = _neighbors.TryGetValue(name, out NeighborLine? line) ? line.Mac : 0;
        return line != null;
    }

    public void AddStatic(StaticNeighbor neighbor) => _neighbors[new NeighborName(neighbor.Port, neighbor.IsV6, neighbor.Address)] =
        new NeighborLine(neighbor.Mac, true, 0);

    /// <summary>Forgets neighbors of interfaces that are gone.</summary>
    public void Forget(Topology next)
    {
        foreach (NeighborName name in new List<NeighborName>(_neighbors.Keys))
            if (!next.Interfaces.ContainsKey(name.Port))
                _neighbors.Remove(name);
    }

    /// <summary>One line for each neighbor, for comparison.</summary>
    public void AddLines(SortedSet<string> lines)
    {
        foreach ((NeighborName name, NeighborLine line) in _neighbors)
            lines.Add($"neighbor {name.Port} {name.Address:x} {line.Mac:x12}{(line.IsStatic ? " static" : "")}");
    }
}
