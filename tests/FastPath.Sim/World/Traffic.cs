using System;
using System.Collections.Generic;
using System.Net;
using FastPath.Dataplane.Ports;
using FastPath.Tests.Packets;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Sim.World;

/// <summary>Makes frames for a topology: good ones between its hosts, questions and answers, tunnelled ones, and broken ones.</summary>
internal sealed class Traffic(SeededRandom random, Topology topology, IReadOnlyList<byte[]> captured)
{
    private const int Hosts = 6;
    private const ulong Broadcast = 0xFFFF_FFFF_FFFF;
    private static readonly int[] s_lengths = [0, 18, 18, 100, 512, 1200, 1252, 1372, 1432, 1458, 1472, 1500, 4000, 8900];
    private static readonly int[] s_ttls = [0, 1, 1, 2, 64, 64, 64, 255];

    /// <summary>A random frame and the device it arrives by; false when the draw does not fit the topology.</summary>
    public bool TryMake(out int port, out byte[] frame)
    {
        bool isMade = random.Below(100) switch
        {
            < 18 => TryBridged(out port, out frame),
            < 45 => TryRouted(out port, out frame),
            < 55 => TryArp(out port, out frame),
            < 65 => TryNeighborDiscovery(out port, out frame),
            < 80 => TryTunnelled(out port, out frame),
            < 90 => TryCaptured(out port, out frame),
            _ => TryBroken(out port, out frame),
        };
        return isMade && frame.Length <= 9100;
    }

    /// <summary>The answer of a neighbor to a question of the switch.</summary>
    public bool TryAnswer((int Port, bool IsV6, UInt128 Address) question, out int port, out byte[] frame)
    {
        frame = [];
        port = DeviceOf(question.Port, question.Address);
        if (port == 0 || !topology.Interfaces.TryGetValue(question.Port, out Interface? asker))
            return false;
        string mac = Text(MacOfHost(question.Port, question.Address));
        string own = Text(asker.Mac);
        frame = question.IsV6
            ? Eth(own, mac) / Ip6(Text6(question.Address), Text6(asker.Address6 == 0 ? asker.LinkLocal : asker.Address6), hops: 255)
                / Nd(136, Text6(question.Address), mac, 0x6000_0000)
            : Eth(own, mac) / Arp(2, mac, Text4(question.Address), own, Text4(asker.Address4));
        return true;
    }

    /// <summary>Frames after which a station of a bridge, or a neighbor of an interface, is known.</summary>
    public IEnumerable<(int Port, byte[] Frame)> Introduce(Interface i, int host)
    {
        UInt128 address = i.Address4 + (uint)(9 + host);
        int port = DeviceOf(i.Number, address);
        if (port == 0)
            yield break;
        string mac = Text(MacOfHost(i.Number, address));
        if (i.Address4 != 0)
            yield return (port, Eth("ff:ff:ff:ff:ff:ff", mac) / Arp(1, mac, Text4(address), "00:00:00:00:00:00", Text4(i.Address4)));
        if (i.Address6 != 0)
            yield return (port, Eth(Text(i.Mac), mac) / Ip6(Text6(i.Address6 + (uint)(9 + host)), Text6(i.Address6), hops: 255)
                / Nd(135, Text6(i.Address6), mac));
    }

    /// <summary>A frame between known neighbors of two interfaces.</summary>
    public bool TrySteady(Interface from, int fromHost, Interface to, int toHost, out int port, out byte[] frame)
    {
        UInt128 source = from.Address4 + (uint)(9 + fromHost);
        UInt128 target = to.Address4 + (uint)(9 + toHost);
        port = DeviceOf(from.Number, source);
        string mac = Text(MacOfHost(from.Number, source));
        frame = from.Number == to.Number
            ? Eth(Text(MacOfHost(to.Number, target)), mac) / Ip4(Text4(source), Text4(target)) / Udp(1, random.Below(9), random.Below(900))
            : Eth(Text(from.Mac), mac) / Ip4(Text4(source), Text4(target), ttl: 2 + random.Below(60))
                / Udp(1 + random.Below(9), 2, random.Below(900));
        return port != 0 && from.Address4 != 0 && to.Address4 != 0;
    }

    /// <summary>A packet whose hops end here.</summary>
    public bool TryExpired(out int port, out byte[] frame)
    {
        frame = [];
        port = 0;
        if (Routed(i => i.Address4 != 0) is not { } i)
            return false;
        UInt128 source = i.Address4 + 9;
        port = DeviceOf(i.Number, source);
        frame = Eth(Text(i.Mac), Text(MacOfHost(i.Number, source)))
            / Ip4(Text4(source), "20.1.0.1", ttl: 1, id: (ushort)random.Below(65536)) / Udp(1, 2);
        return port != 0;
    }

    private bool TryBridged(out int port, out byte[] frame)
    {
        frame = [];
        port = 0;
        if (Any(i => i.Kind == InterfaceKind.Device && i.Bridge != 0) is not { } device)
            return false;
        port = device.Number;
        ulong destination = random.Below(10) switch
        {
            0 => Broadcast,
            1 => 0x0180_C200_0000UL + (ulong)random.Below(32),
            2 => 0x3333_0000_0000UL + (ulong)random.Below(8),
            _ => StationOf(device.Bridge, random.Below(Hosts)),
        };
        ulong source = random.Permille(30) ? random.Next() & Broadcast : StationOf(device.Bridge, random.Below(Hosts));
        frame = Eth(Text(destination), Text(source)) / Inside(4);
        return true;
    }

    private bool TryRouted(out int port, out byte[] frame)
    {
        frame = [];
        port = 0;
        bool isV6 = random.Permille(450);
        if (Routed(i => (isV6 ? i.Address6 : i.Address4) != 0) is not { } from)
            return false;
        UInt128 source = (isV6 ? from.Address6 : from.Address4) + (uint)(9 + random.Below(Hosts));
        port = DeviceOf(from.Number, source);
        string to = random.Permille(950) ? Text(from.Mac) : Text(Broadcast);
        string mac = Text(MacOfHost(from.Number, source));
        string target = Target(isV6, from);
        if (random.Permille(30))
            source = random.Below(3) switch { 0 => 0, 1 => isV6 ? 1 : (UInt128)0x7F00_0001, _ => isV6 ? (UInt128)0xFF02 << 112 : 0xE000_0001 };
        int ttl = s_ttls[random.Below(s_ttls.Length)];
        Layer inside = Inside(isV6 ? 6 : 4);
        frame = isV6
            ? Eth(to, mac) / Ip6(Text6(source), target, ttl, next: null) / inside
            : Eth(to, mac) / Ip4(Text4(source), target, ttl, df: random.Permille(600), offset: random.Permille(40) ? 64 : 0,
                more: random.Permille(40), tos: (byte)random.Below(4), options: Options()) / inside;
        if (random.Permille(60) && isV6)
            frame = WithExtension(frame);
        if (random.Permille(100))
            frame = [.. frame, .. new byte[random.Below(30)]]; // Ethernet padding
        return port != 0;
    }

    private bool TryArp(out int port, out byte[] frame)
    {
        frame = [];
        port = 0;
        if (Routed(i => i.Address4 != 0) is not { } i)
            return false;
        UInt128 sender = random.Permille(50) ? 0 : i.Address4 + (uint)(9 + random.Below(Hosts));
        port = DeviceOf(i.Number, sender);
        string mac = Text(MacOfHost(i.Number, sender));
        UInt128 target = random.Permille(700) ? i.Address4 : i.Address4 + (uint)random.Below(12);
        ushort operation = (ushort)(random.Permille(800) ? 1 : 2 + random.Below(2));
        string to = random.Permille(500) ? Text(i.Mac) : Text(Broadcast);
        frame = [.. (Eth(to, mac) / Arp(operation, mac, Text4(sender), "00:00:00:00:00:00", Text4(target))).ToBytes(),
            .. new byte[random.Below(2) * 18]];
        return port != 0;
    }

    private bool TryNeighborDiscovery(out int port, out byte[] frame)
    {
        frame = [];
        port = 0;
        if (Routed(i => i.Address6 != 0) is not { } i)
            return false;
        UInt128 sender = random.Permille(100) ? 0 : i.Address6 + (uint)(9 + random.Below(Hosts));
        port = DeviceOf(i.Number, sender);
        string mac = Text(MacOfHost(i.Number, sender));
        UInt128 target = random.Below(4) switch { 0 => i.LinkLocal, 1 => i.Address6 + (uint)random.Below(12), _ => i.Address6 };
        bool isQuestion = random.Permille(800);
        string to = sender == 0 || random.Permille(300) ? Text6(new UInt128(0xFF02UL << 48, 0x1_FF00_0000UL | (ulong)(target & 0xFF_FFFF)))
            : Text6(random.Permille(700) ? i.Address6 : i.LinkLocal);
        string toMac = to.StartsWith("ff", StringComparison.Ordinal) ? "33:33:ff:00:00:01" : Text(i.Mac);
        frame = Eth(toMac, mac) / Ip6(Text6(sender), to, hops: random.Permille(950) ? 255 : 64)
            / Nd((byte)(isQuestion ? 135 : 136), Text6(isQuestion ? target : sender), sender == 0 || random.Permille(200) ? null : mac);
        return port != 0;
    }

    private bool TryTunnelled(out int port, out byte[] frame)
    {
        frame = [];
        port = 0;
        if (Any(i => i.Kind == InterfaceKind.Tunnel) is not { } tunnel || topology.Find(false, tunnel.Local) is not { } local)
            return false;
        if (!topology.Interfaces.TryGetValue(local.Port, out Interface? uplink) || !TryMake(out _, out byte[] inner))
            return false;
        port = DeviceOf(uplink.Number, tunnel.Remote);
        if (Member(tunnel.Bridge, BviOnly) is { } bvi && random.Permille(300))
            inner = [.. Mac(bvi.Mac), .. inner[Math.Min(6, inner.Length)..]];
        UInt128 remote = random.Permille(930) ? tunnel.Remote : tunnel.Remote + 1;
        uint vni = random.Permille(930) ? tunnel.Vni : tunnel.Vni + 50;
        Layer encapsulated = Udp(50_000, 4789, payload: 0) / PacketBuilder.Vxlan(vni, (byte)(random.Permille(950) ? 8 : 0)) / Raw(inner);
        frame = Eth(Text(uplink.Mac), Text(MacOfHost(uplink.Number, remote))) / Ip4(Text4(remote), Text4(tunnel.Local), tos: (byte)(random.Permille(100) ? 3 : 0))
            / encapsulated;
        if (random.Permille(500)) // zero checksum, as VXLAN senders should (RFC 7348 section 5)
            (frame[40], frame[41]) = (0, 0);
        return port != 0;
    }

    private bool TryCaptured(out int port, out byte[] frame)
    {
        port = 0;
        frame = captured.Count == 0 ? [] : [.. captured[random.Below(captured.Count)]];
        if (captured.Count == 0 || Any(i => i.Kind == InterfaceKind.Device) is not { } device)
            return false;
        port = device.Number;
        Interface? owner = device.IsRouted ? device : Member(device.Bridge, BviOnly);
        if (owner != null && frame.Length >= 6 && random.Permille(700))
            Mac(owner.Mac).CopyTo(frame, 0);
        return true;
    }

    private bool TryBroken(out int port, out byte[] frame)
    {
        bool isMade = random.Below(5) switch
        {
            0 => TryBridged(out port, out frame),
            1 => TryArp(out port, out frame),
            2 => TryNeighborDiscovery(out port, out frame),
            3 => TryTunnelled(out port, out frame),
            _ => TryRouted(out port, out frame),
        };
        if (!isMade || frame.Length == 0)
            return false;
        if (random.Permille(400))
            frame = frame[..random.Below(frame.Length)];
        for (int n = random.Below(4); n > 0 && frame.Length != 0; n--)
            frame[random.Below(Math.Min(frame.Length, 80))] ^= (byte)(1 << random.Below(8));
        return true;
    }

    private Layer Inside(int version)
    {
        int length = s_lengths[random.Below(s_lengths.Length)];
        return random.Below(8) switch
        {
            0 => Tcp(80, random.Below(65536), payload: length),
            1 when version == 6 => Icmp6(128, body: new byte[length]),
            1 => Icmp4(8, payload: length),
            2 when version == 6 => Icmp6((byte)random.Below(140)),
            2 => Icmp4((byte)random.Below(16)),
            3 => Raw(new byte[length]),
            _ => Udp(random.Below(65536), random.Permille(100) ? 4789 : random.Below(65536), payload: length),
        };
    }

    private byte[]? Options() => random.Below(20) switch
    {
        0 => [1, 1, 1, 0],
        1 => [7, 7, 4, 0, 0, 0, 0, 0],
        2 => [131, 7, 4, 10, 0, 0, 1, 0],
        3 => [7, 90, 4, 0],
        _ => null,
    };

    /// <summary>Puts a random extension header behind the IPv6 header.</summary>
    private byte[] WithExtension(byte[] frame)
    {
        byte kind = new byte[] { 0, 43, 44, 60, 51, 135 }[random.Below(6)];
        byte[] header = [frame[20], 0, 0, (byte)(random.Below(3) * 8), 0, 0, 0, 0];
        byte[] longer = [.. frame[..54], .. header, .. frame[54..]];
        int length = longer.Length - 54;
        (longer[18], longer[19], longer[20]) = ((byte)(length >> 8), (byte)length, kind);
        return longer;
    }

    private string Target(bool isV6, Interface from)
    {
        Interface to = Routed(_ => true) ?? from;
        UInt128 own = isV6 ? to.Address6 : to.Address4;
        UInt128 route = topology.Routes.Count == 0 ? own : topology.Routes[random.Below(topology.Routes.Count)].Prefix + (uint)random.Below(3);
        bool fits = isV6 == route > uint.MaxValue;
        UInt128 target = random.Below(8) switch
        {
            0 or 1 => own,
            2 when isV6 => from.LinkLocal,
            2 => from.Address4,
            3 or 4 when fits => route,
            5 => isV6 ? new UInt128(0x2001_0DB8UL << 32, 5) : 0x1401_0001,
            6 when random.Permille(200) => isV6 ? (UInt128)0xFF02 << 112 | 1 : 0xE000_0005,
            _ => own + (uint)(9 + random.Below(Hosts)),
        };
        return isV6 ? Text6(target) : Text4(target);
    }

    /// <summary>The device behind which a host of an interface is; 0 when there is none.</summary>
    private int DeviceOf(int number, UInt128 address)
    {
        if (!topology.Interfaces.TryGetValue(number, out Interface? i))
            return 0;
        if (i.Kind == InterfaceKind.Device)
            return number;
        List<int> devices = [];
        foreach (Interface member in topology.Members(i.Bridge))
            if (member.Kind == InterfaceKind.Device)
                devices.Add(member.Number);
        return devices.Count == 0 ? 0 : devices[(int)(uint)(address % (uint)devices.Count)];
    }

    private ulong StationOf(int bridge, int host) => Member(bridge, BviOnly) is { } bvi
        ? MacOfHost(bvi.Number, bvi.Address4 + (uint)(9 + host))
        : 0x02_0000_0000_00UL | ((ulong)bridge << 8) | (uint)host;

    private static bool BviOnly(Interface i) => i.Kind == InterfaceKind.BridgeInterface;

    private Interface? Member(int bridge, Predicate<Interface> fits)
    {
        foreach (Interface member in topology.Members(bridge))
            if (fits(member))
                return member;
        return null;
    }

    private static ulong MacOfHost(int number, UInt128 address) => TopologyGenerator.MacOf(number) + (ulong)(byte)address + 0x100;

    private Interface? Routed(Predicate<Interface> fits) => Any(i => i.IsRouted && fits(i));

    private Interface? Any(Predicate<Interface> fits)
    {
        Interface? chosen = null;
        int seen = 0;
        foreach (Interface candidate in topology.Interfaces.Values)
            if (fits(candidate) && random.Below(++seen) == 0)
                chosen = candidate;
        return chosen;
    }

    private static byte[] Mac(ulong mac) => [.. Reference.Bytes.Of(6, mac)];

    private static string Text(ulong mac) => BitConverter.ToString(Mac(mac)).Replace('-', ':');

    private static string Text4(UInt128 address) => new IPAddress(Reference.Bytes.Of(4, address)).ToString();

    private static string Text6(UInt128 address) => new IPAddress(Reference.Bytes.Of(16, address)).ToString();
}
