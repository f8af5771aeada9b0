using System;
using System.Collections.Generic;
using FastPath.Dataplane.Ports;
using FastPath.Net;
using FastPath.Xdp;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Packets;

/// <summary>
/// A switch with one of everything: two routed ports, a bridge with two ports, a gateway and a tunnel, an underlay and
/// a way to the host. For tests about all nodes.
/// </summary>
public sealed class Yard : IDisposable
{
    public const string Mac1 = "02:00:00:00:01:01";
    public const string Mac2 = "02:00:00:00:02:02";
    public const string GatewayMac = "02:00:00:00:03:03";
    public const string UnderlayMac = "02:00:00:00:04:04";
    public const string RemoteMac = "02:00:00:00:04:05";
    public const string HostMac = "02:00:00:00:05:05";
    public const string Local = "192.0.2.1";
    public const string Remote = "192.0.2.2";

    public Yard(Func<string, int, Umem, MemoryPort>? makePort = null)
    {
        Bench = makePort == null ? new SwitchBench() : new SwitchBench { MakePort = makePort };
        One = Bench.RoutedPort(Mac1, 1500, "10.1.0.1/24", "fd00:1::1/64");
        Two = Bench.RoutedPort(Mac2, 1500, "10.2.0.1/24", "fd00:2::1/64");
        A = Bench.BridgePort(1, mtu: 9000);
        B = Bench.BridgePort(1, mtu: 9000);
        Gateway = Bench.BridgeInterface(1, GatewayMac, 1450, "10.3.0.1/24", "fd00:3::1/64");
        Underlay = Bench.RoutedPort(UnderlayMac, 1500, Local + "/24");
        Tunnel = Bench.Tunnel(1, 100, Local, Remote);
        Host = Bench.RoutedPort("02:00:00:00:05:01", 1500, "169.254.0.1/30");
        Bench.PuntTo(Host, HostMac);
        foreach ((MemoryPort port, string v4, string v6, string mac) in new[]
            { (One, "10.1.0.9", "fd00:1::9", MacA), (Two, "10.2.0.9", "fd00:2::9", MacB) })
        {
            Bench.Neighbor(port.Index, v4, mac);
            Bench.Neighbor(port.Index, v6, mac);
        }

        Bench.Neighbor(Gateway, "10.3.0.9", MacB);
        Bench.Neighbor(Underlay.Index, Remote, RemoteMac);
        Bench.State.Fdb.SetStatic(FastPath.Dataplane.Tables.FdbTable.Key(1, MacAddress.Parse(MacB).Value), B.Index);
        Bench.State.Fdb.SetStatic(FastPath.Dataplane.Tables.FdbTable.Key(1, MacAddress.Parse(RemoteMac).Value), Tunnel);
        Bench.Commit();
    }

    public SwitchBench Bench { get; }

    public MemoryPort One { get; }

    public MemoryPort Two { get; }

    public MemoryPort A { get; }

    public MemoryPort B { get; }

    public MemoryPort Underlay { get; }

    public MemoryPort Host { get; }

    public int Gateway { get; }

    public int Tunnel { get; }

    /// <summary>A frame that visits each node, and the port it comes in by. A node without one has no test.</summary>
    public Dictionary<string, (MemoryPort Port, byte[] Frame)> Visits()
    {
        (MemoryPort, byte[]) routed4 = (One, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.9") / Udp(1, 2));
        (MemoryPort, byte[]) routed6 = (One, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:2::9") / Udp(1, 2));
        // Plain packets with a known next hop leave ip4-input for port-output; those with options take the long way.
        (MemoryPort, byte[]) long4 = (One, Eth(Mac1, MacA)
            / Ip4("10.1.0.9", "10.2.0.9", options: [1, 1, 1, 0]) / Udp(1, 2));
        (MemoryPort, byte[]) ping4 = (One, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.1.0.1") / Icmp4(8));
        (MemoryPort, byte[]) ping6 = (One, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:1::1") / Icmp6(128));
        (MemoryPort, byte[]) bridged = (A, Eth(MacB, MacA) / Ip4("10.3.0.8", "10.3.0.9") / Udp(1, 2));
        (MemoryPort, byte[]) tunnelled = (A, Eth(RemoteMac, MacA) / Ip4("10.3.0.8", "10.3.0.7") / Udp(1, 2));
        return new Dictionary<string, (MemoryPort Port, byte[] Frame)>
        {
            ["ethernet-input"] = routed4,
            ["arp-input"] = (One, Eth("ff:ff:ff:ff:ff:ff", MacA)
                / Arp(1, MacA, "10.1.0.9", "00:00:00:00:00:00", "10.1.0.1")),
            ["arp-resolve"] = (One, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.77") / Udp(1, 2)),
            ["nd-input"] = (One, Eth("33:33:ff:00:00:01", MacA) / Ip6("fd00:1::9", "ff02::1:ff00:1", hops: 255)
                / Nd(135, "fd00:1::1", MacA)),
            ["nd-resolve"] = (One, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:2::77") / Udp(1, 2)),
            ["ip4-input"] = routed4,
            ["ip4-lookup"] = long4,
            ["ip4-rewrite"] = long4,
            ["ip4-local"] = ping4,
            ["ip4-output"] = ping4,
            ["icmp4-echo"] = ping4,
            ["icmp4-error"] = (One, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.9", ttl: 1) / Udp(1, 2)),
            ["ip6-input"] = routed6,
            ["ip6-lookup"] = routed6,
            ["ip6-rewrite"] = routed6,
            ["ip6-local"] = ping6,
            ["ip6-output"] = ping6,
            ["icmp6-echo"] = ping6,
            ["icmp6-error"] = (One, Eth(Mac1, MacA) / Ip6("fd00:1::9", "fd00:2::9", hops: 1) / Udp(1, 2)),
            ["l2-forward"] = bridged,
            ["l2-flood"] = (A, Eth("ff:ff:ff:ff:ff:ff", MacA) / Ip4("10.3.0.8", "255.255.255.255") / Udp(1, 2)),
            ["bvi-input"] = (A, Eth(GatewayMac, MacA) / Ip4("10.3.0.8", "10.2.0.9") / Udp(1, 2)),
            ["bvi-output"] = (One, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.3.0.9") / Udp(1, 2)),
            ["vxlan-encap"] = tunnelled,
            ["underlay-output"] = tunnelled,
            ["bridged-too-big"] = (A, Eth(RemoteMac, MacA) / Ip4("10.3.0.8", "10.3.0.7") / Udp(1, 2, payload: 1470)),
            ["vxlan-decap"] = (Underlay, Eth(UnderlayMac, RemoteMac) / Ip4(Remote, Local) / Udp(5, 4789) / Vxlan(100)
                / Raw(Eth(MacB, MacA) / Raw(new byte[46]))),
            ["punt"] = (One, Eth(Mac1, MacA) / Ip4("10.1.0.9", "10.1.0.1") / Tcp(1, 22)),
            ["port-output"] = routed4,
        };
    }

    public void Dispose() => Bench.Dispose();
}
