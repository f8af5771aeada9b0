using System;
using FastPath.Dataplane.Tables;
using FastPath.Net;

namespace FastPath.Benchmarks.Memory;

/// <summary>One job of the switch: how it is configured and what arrives. 1,000 flows each.</summary>
/// <param name="Name">Name on the command line and in results.</param>
/// <param name="Text">What it does, for people.</param>
/// <param name="Build">Configures the switch; returns the port that receives and its frames.</param>
internal sealed record Scenario(string Name, string Text, Func<BenchSwitch, (BenchPort Port, FrameSet Frames)> Build)
{
    private const ulong MacOfA = 0x0200_0000_0101;
    private const ulong MacOfB = 0x0200_0000_0102;
    private const ulong MacOfSender = 0x0200_0000_0001;
    private const ulong MacOfReceiver = 0x0200_0000_0002;
    private const uint Vni = 100;
    private const int NextHops = 16;
    private const int Hosts = 500; // on each side of the bridge: 1,000 addresses known

    private static readonly uint s_underlayLocal = Ip4Address.Parse("172.16.0.1").Value;
    private static readonly uint s_underlayRemote = Ip4Address.Parse("172.16.0.2").Value;

    private static readonly uint s_receivers = Ip4Address.Parse("10.2.0.0").Value;

    public static Scenario[] All { get; } =
    [
        new("ip4", "IPv4 forwarding, 1,000 routes over 16 next hops, 60-byte frames", Ip4),
        new("ip6", "IPv6 forwarding, 1,000 routes over 16 next hops, 62-byte frames", Ip6),
        new("bridge", "bridge, 1,000 addresses known, 60-byte frames", Bridged),
        new("gateway", "routing by the gateway of a bridge, 500 neighbors, 60-byte frames", Routed),
        new("encap", "bridge and VXLAN encapsulation, 60-byte frames", Encapsulated),
        new("decap", "VXLAN decapsulation and bridge, 60-byte frames inside", Decapsulated),
    ];

    private static (BenchPort, FrameSet) Ip4(BenchSwitch bench)
    {
        bench.RoutedPort(BenchSwitch.PortA, MacOfA);
        bench.RoutedPort(BenchSwitch.PortB, MacOfB);
        uint nextHop = Ip4Address.Parse("10.2.0.1").Value;
        int first = 0;
        for (uint n = 0; n < NextHops; n++)
        {
            Ip4Address address = new(nextHop + n);
            int adjacency = bench.AddAdjacency(
                new Adjacency { Kind = AdjacencyKind.NextHop, Port = BenchSwitch.PortB, Mtu = 9000, NextHop4 = address });
            first = n == 0 ? adjacency : first;
            bench.Neighbor(NeighborKey.Of(BenchSwitch.PortB, address), MacOfReceiver + (n << 8));
        }

        // 20.0.0.0/24, 20.0.1.0/24, ...: longer than 16, so that every lookup goes below the root.
        for (int flow = 0; flow < FrameSet.Flows; flow++)
            bench.Route(0x1400_0000 + ((uint)flow << 8), 24, first + (flow % NextHops));
        bench.Commit();
        return (bench.A, new FrameSet(flow => FrameWriter.Ip4(MacOfA, MacOfSender, 0x0A01_0001 + (uint)flow,
            0x1400_0001 + ((uint)flow << 8), 1024 + flow)));
    }

    private static (BenchPort, FrameSet) Ip6(BenchSwitch bench)
    {
        bench.RoutedPort(BenchSwitch.PortA, MacOfA);
        bench.RoutedPort(BenchSwitch.PortB, MacOfB);
        Ip6Address nextHop = Ip6Address.Parse("2001:db8:2::1");
        int first = 0;
        for (uint n = 0; n < NextHops; n++)
        {
            Ip6Address address = new(nextHop.High, nextHop.Low + n);
            int adjacency = bench.AddAdjacency(
                new Adjacency { Kind = AdjacencyKind.NextHop, Port = BenchSwitch.PortB, Mtu = 9000, NextHop6 = address });
            first = n == 0 ? adjacency : first;
            bench.Neighbor(NeighborKey.Of(BenchSwitch.PortB, address), MacOfReceiver + (n << 8));
        }

        Ip6Address source = Ip6Address.Parse("2001:db8:1::1");
        Ip6Address network = Ip6Address.Parse("2001:db8:8000::");
        for (int flow = 0; flow < FrameSet.Flows; flow++)
            bench.Route(new Ip6Address(network.High + (ulong)flow, 0), 64, first + (flow % NextHops));
        bench.Commit();
        return (bench.A, new FrameSet(flow => FrameWriter.Ip6(MacOfA, MacOfSender, new(source.High, source.Low + (ulong)flow),
            new(network.High + (ulong)flow, 1), 1024 + flow)));
    }

    private static (BenchPort, FrameSet) Bridged(BenchSwitch bench)
    {
        bench.BridgePort(BenchSwitch.PortA);
        bench.BridgePort(BenchSwitch.PortB);
        Know(bench, BenchSwitch.PortA, BenchSwitch.PortB);
        bench.Commit();
        return (bench.A, new FrameSet(HostFrame));
    }

    private static (BenchPort, FrameSet) Routed(BenchSwitch bench)
    {
        bench.BridgePort(BenchSwitch.PortA);
        bench.BridgePort(BenchSwitch.PortB);
        bench.AddGateway(MacOfA);
        Know(bench, BenchSwitch.PortA, BenchSwitch.PortB);
        bench.Route(s_receivers, 16, bench.AddAdjacency(
            new Adjacency { Kind = AdjacencyKind.Connected, Port = BenchSwitch.Gateway, Mtu = 9000 }));
        for (int host = 0; host < Hosts; host++)
            bench.Neighbor(NeighborKey.Of(BenchSwitch.Gateway, new Ip4Address(s_receivers + 1 + (uint)host)), Receiver(host));
        bench.Commit();
        return (bench.A, new FrameSet(flow => FrameWriter.Ip4(MacOfA, Sender(flow % Hosts), 0x0A01_0001 + (uint)(flow % Hosts),
            s_receivers + 1 + (uint)(flow * 7 % Hosts), 1024 + flow)));
    }

    private static (BenchPort, FrameSet) Encapsulated(BenchSwitch bench)
    {
        Overlay(bench);
        Know(bench, BenchSwitch.PortA, BenchSwitch.Tunnel);
        bench.Commit();
        return (bench.A, new FrameSet(HostFrame));
    }

    private static (BenchPort, FrameSet) Decapsulated(BenchSwitch bench)
    {
        Overlay(bench);
        Know(bench, BenchSwitch.Tunnel, BenchSwitch.PortA);
        bench.Commit();
        return (bench.B, new FrameSet(flow => FrameWriter.Vxlan(HostFrame(flow), MacOfB, MacOfReceiver, s_underlayRemote,
            s_underlayLocal, Vni, 49152 + flow)));
    }

    /// <summary>Port a and a tunnel are bridged; port b is the routed underlay.</summary>
    private static void Overlay(BenchSwitch bench)
    {
        bench.BridgePort(BenchSwitch.PortA);
        bench.RoutedPort(BenchSwitch.PortB, MacOfB);
        bench.AddTunnel(Vni, "172.16.0.1", "172.16.0.2");
        bench.Route(s_underlayLocal & 0xFFFF_FF00, 24, bench.AddAdjacency(
            new Adjacency { Kind = AdjacencyKind.Connected, Port = BenchSwitch.PortB, Mtu = 9000 }));
        bench.Route(s_underlayLocal, 32, bench.AddAdjacency(
            new Adjacency { Kind = AdjacencyKind.Local, Port = BenchSwitch.PortB }));
        bench.Neighbor(NeighborKey.Of(BenchSwitch.PortB, new Ip4Address(s_underlayRemote)), MacOfReceiver);
    }

    private static void Know(BenchSwitch bench, ushort senders, ushort receivers)
    {
        for (int host = 0; host < Hosts; host++)
        {
            bench.Known(Sender(host), senders);
            bench.Known(Receiver(host), receivers);
        }
    }

    private static ulong Sender(int host) => 0x0200_0001_0000 + (ulong)host;

    private static ulong Receiver(int host) => 0x0200_0002_0000 + (ulong)host;

    /// <summary>1,000 flows between 500 senders and 500 receivers.</summary>
    private static byte[] HostFrame(int flow) => FrameWriter.Ip4(Receiver(flow * 7 % Hosts), Sender(flow % Hosts),
        0x0A01_0001 + (uint)(flow % Hosts), 0x0A02_0001 + (uint)(flow * 7 % Hosts), 1024 + flow);
}
