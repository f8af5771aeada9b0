using System;
using System.Collections.Generic;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Net;

namespace FastPath.Sim.World;

/// <summary>Makes the tables of the switch from a topology.</summary>
internal static class TableBuilder
{
    private const ushort VxlanPort = 4789;

    public static SwitchTables Build(Topology topology, long generation, IReadOnlyDictionary<int, Port> ports)
    {
        List<Adjacency> adjacencies = [default];
        List<(Ip4Address, int, int)> routes4 = [];
        List<(Ip6Address, int, int)> routes6 = [];
        foreach (Route route in topology.Routes)
        {
            if (route.IsV6)
                routes6.Add((Ip6(route.Prefix), route.Length, adjacencies.Count));
            else
                routes4.Add((Ip4(route.Prefix), route.Length, adjacencies.Count));
            adjacencies.Add(AdjacencyOf(route));
        }

        Fib4 fib4 = Fib4.Build(routes4);
        List<TunnelEntry> tunnels = [];
        PortEntry[] entries = new PortEntry[Topology.InterfacesMax];
        foreach (Interface i in topology.Interfaces.Values)
        {
            if (i.Kind == InterfaceKind.Tunnel)
                tunnels.Add(TunnelOf(i, fib4, adjacencies));
            int link = adjacencies.Count;
            adjacencies.Add(new Adjacency { Kind = AdjacencyKind.Connected, Port = (ushort)i.Number, Mtu = i.Mtu });
            entries[i.Number] = EntryOf(i, link, tunnels.Count - 1);
        }

        Port?[] devices = new Port?[Topology.InterfacesMax];
        foreach ((int number, Port port) in ports)
            if (topology.Interfaces.ContainsKey(number))
                devices[number] = port;
        return new SwitchTables
        {
            Generation = generation,
            Ports = entries,
            Devices = [devices],
            Senders = new byte[Topology.InterfacesMax],
            Bridges = BridgesOf(topology),
            AgingSeconds = AgesOf(),
            Fib4 = fib4,
            Fib6 = Fib6.Build(routes6),
            Adjacencies = [.. adjacencies],
            Tunnels = [.. tunnels],
            TunnelsByPacket = new TunnelTable([.. tunnels]),
            VxlanPorts = tunnels.Count == 0 ? [] : [VxlanPort],
            PuntPort = (ushort)topology.PuntPort,
            PuntMac = MacAddress.FromValue(topology.PuntMac),
            Receivers = [[.. Present(devices)]],
        };
    }

    public static NeighborKey Key(int port, bool isV6, UInt128 address) =>
        isV6 ? NeighborKey.Of((ushort)port, Ip6(address)) : NeighborKey.Of((ushort)port, Ip4(address));

    private static IEnumerable<Port> Present(Port?[] devices)
    {
        foreach (Port? port in devices)
            if (port != null)
                yield return port;
    }

    private static Adjacency AdjacencyOf(Route route) => new()
    {
        Kind = Enum.Parse<AdjacencyKind>(route.Kind.ToString()),
        Port = (ushort)route.Port,
        Mtu = route.Mtu,
        NextHop4 = route.IsV6 ? default : Ip4(route.NextHop),
        NextHop6 = route.IsV6 ? Ip6(route.NextHop) : default,
    };

    private static TunnelEntry TunnelOf(Interface i, Fib4 fib, List<Adjacency> adjacencies) => new TunnelEntry
    {
        Vni = i.Vni,
        Local = Ip4(i.Local),
        Remote = Ip4(i.Remote),
        Port = VxlanPort,
        FirstSourcePort = 49152,
        SourcePortMask = 0x3FFF,
        TimeToLive = 64,
        PortNumber = (ushort)i.Number,
    }.Toward(fib, adjacencies);

    private static PortEntry EntryOf(Interface i, int link, int tunnel) => new()
    {
        Kind = i.Kind switch
        {
            InterfaceKind.Device => PortKind.Device,
            InterfaceKind.Tunnel => PortKind.Tunnel,
            _ => PortKind.BridgeInterface,
        },
        Bridge = (ushort)i.Bridge,
        Mac = i.Mac,
        IsRouted = i.IsRouted,
        Learns = i.Bridge != 0 && !i.IsRouted,
        Mtu = i.Mtu,
        Tunnel = i.Kind == InterfaceKind.Tunnel ? tunnel : 0,
        SourceIp4 = Ip4(i.Address4),
        SourceIp6 = Ip6(i.Address6),
        LinkAdjacency = i.IsRouted ? link : 0,
    };

    private static BridgeEntry[] BridgesOf(Topology topology)
    {
        BridgeEntry[] bridges = new BridgeEntry[Topology.BridgesMax];
        for (int bridge = 0; bridge < bridges.Length; bridge++)
        {
            List<ushort> members = [];
            if (bridge != 0)
                foreach (Interface member in topology.Members(bridge))
                    members.Add((ushort)member.Number);
            bridges[bridge] = new BridgeEntry { Members = [.. members] };
        }

        return bridges;
    }

    private static uint[] AgesOf()
    {
        uint[] ages = new uint[Topology.BridgesMax];
        Array.Fill(ages, 300u);
        return ages;
    }

    private static Ip4Address Ip4(UInt128 address) => new((uint)address);

    private static Ip6Address Ip6(UInt128 address) => new((ulong)(address >> 64), (ulong)address);
}
