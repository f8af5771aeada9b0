using System;
using System.Collections.Generic;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;
using FastPath.Xdp;

namespace FastPath.Benchmarks.Memory;

/// <summary>A switch with one worker and two ports in memory, with chunks, tables and limits as the daemon makes them.</summary>
internal sealed class BenchSwitch : IDisposable
{
    public const ushort PortA = 1;
    public const ushort PortB = 2;
    public const ushort Tunnel = 3;
    public const ushort Gateway = 4;
    public const int Bridge = 1;

    private readonly SwitchState _state;
    private readonly List<Adjacency> _adjacencies = [default];
    private readonly List<(Ip4Address, int, int)> _routes4 = [];
    private readonly List<(Ip6Address, int, int)> _routes6 = [];
    private readonly PortEntry[] _entries = new PortEntry[5];
    private readonly List<TunnelEntry> _tunnels = [];

    /// <param name="chunkBytes">Bytes of a chunk.</param>
    public BenchSwitch(int chunkBytes = 4032)
    {
        Umem = Umem.Create(new UmemOptions(ChunkBytes: chunkBytes));
        _state = new SwitchState(Graph.Discover(), Clock.Monotonic, new FdbTable(65_536, seed: 20_451),
            new NeighborTable(4096, seed: 20_451));
        _state.Umems[Umem.Number] = Umem;
        Worker = new Worker(_state, 0, Umem);
        A = new BenchPort("a", PortA, Umem);
        B = new BenchPort("b", PortB, Umem);
    }

    public Umem Umem { get; }

    public Worker Worker { get; }

    public BenchPort A { get; }

    public BenchPort B { get; }

    public SwitchState State => _state;

    /// <summary>Makes a port a member of the bridge.</summary>
    public void BridgePort(ushort port) =>
        _entries[port] = new PortEntry { Kind = PortKind.Device, Bridge = Bridge, Learns = true, Mtu = 9000 };

    /// <summary>Makes a port routed.</summary>
    public void RoutedPort(ushort port, ulong mac)
    {
        _adjacencies.Add(new Adjacency { Kind = AdjacencyKind.Connected, Port = port, Mtu = 9000 });
        _entries[port] = new PortEntry
        {
            Kind = PortKind.Device,
            Mac = mac,
            IsRouted = true,
            Mtu = 9000,
            LinkAdjacency = _adjacencies.Count - 1,
        };
    }

    /// <summary>Gives the bridge a routed interface.</summary>
    public void AddGateway(ulong mac)
    {
        _entries[Gateway] = new PortEntry
        {
            Kind = PortKind.BridgeInterface,
            Bridge = Bridge,
            Mac = mac,
            IsRouted = true,
            Mtu = 9000,
        };
        Require(_state.Fdb.SetStatic(FdbTable.Key(Bridge, mac), Gateway));
    }

    /// <summary>Adds a VXLAN tunnel of the bridge.</summary>
    public void AddTunnel(uint vni, string local, string remote)
    {
        _entries[Tunnel] = new PortEntry { Kind = PortKind.Tunnel, Bridge = Bridge, Learns = true, Tunnel = _tunnels.Count };
        _tunnels.Add(new TunnelEntry
        {
            Vni = vni,
            Local = Ip4Address.Parse(local),
            Remote = Ip4Address.Parse(remote),
            Port = VxlanHeader.Port,
            FirstSourcePort = 49152,
            SourcePortMask = 0x3FFF,
            TimeToLive = 64,
            PortNumber = Tunnel,
        });
    }

    /// <summary>Adds what routes lead to, for <see cref="Route(uint, int, int)"/>.</summary>
    public int AddAdjacency(Adjacency adjacency)
    {
        _adjacencies.Add(adjacency);
        return _adjacencies.Count - 1;
    }

    public void Route(uint address, int length, int adjacency) => _routes4.Add((new Ip4Address(address), length, adjacency));

    public void Route(Ip6Address address, int length, int adjacency) => _routes6.Add((address, length, adjacency));

    public void Neighbor(in NeighborKey key, ulong mac) => Require(_state.Neighbors.Set(key, mac, NeighborState.Static, 0));

    /// <summary>Lets the bridge know an address, as if it had been learned.</summary>
    public void Known(ulong mac, ushort port) =>
        Require(_state.Fdb.Learn(FdbTable.Key(Bridge, mac), port, (uint)(Clock.Monotonic.Now().Nanoseconds / 1_000_000_000))
            is FdbUpdate.Added or FdbUpdate.Same);

    /// <summary>Makes what was configured the worker's tables.</summary>
    public void Commit()
    {
        Fib4 fib4 = Fib4.Build(_routes4);
        TunnelEntry[] tunnels = [.. _tunnels];
        for (int n = 0; n < tunnels.Length; n++)
            tunnels[n] = tunnels[n].Toward(fib4, _adjacencies);
        _state.Root.Publish(new SwitchTables
        {
            Generation = 1,
            Ports = _entries,
            Devices = [[null, A.Port, B.Port, null, null]],
            Senders = new byte[5],
            Bridges = [default, new BridgeEntry { Members = Members() }],
            AgingSeconds = [300, 300],
            Fib4 = fib4,
            Fib6 = Fib6.Build(_routes6),
            Adjacencies = [.. _adjacencies],
            Tunnels = tunnels,
            TunnelsByPacket = new TunnelTable(tunnels),
            VxlanPorts = [VxlanHeader.Port],
            Receivers = [[A.Port, B.Port]],
        });
        Worker.PollOnce(); // takes the tables
    }

    /// <summary>Throws unless everything received was sent: a benchmark of dropping would look fast.</summary>
    public void CheckNothingDropped()
    {
        CounterBlock counters = Worker.Counters;
        if (Worker.LastFault is { } fault)
            throw new InvalidOperationException("a node failed", fault);
        if (counters[Counter.Received] == counters[Counter.Sent])
            return;
        for (int node = 0; node < Worker.Graph.Count; node++)
            foreach (DropReason reason in Enum.GetValues<DropReason>())
                if (counters.ReadDrops(node, reason) is > 0 and ulong count)
                    throw new InvalidOperationException($"{count} packets dropped at {Worker.Graph.Names[node]}: {reason}");
        throw new InvalidOperationException(
            $"{counters[Counter.Received]} packets received, {counters[Counter.Sent]} sent, none dropped");
    }

    public void Dispose()
    {
        Worker.Dispose();
        A.Dispose();
        B.Dispose();
        _state.Dispose();
        Umem.Dispose();
    }

    private ushort[] Members()
    {
        List<ushort> members = [];
        for (ushort port = 1; port < _entries.Length; port++)
            if (_entries[port].Bridge == Bridge)
                members.Add(port);
        return [.. members];
    }

    private static void Require(bool done)
    {
        if (!done)
            throw new InvalidOperationException("a table of the benchmark is full");
    }
}
