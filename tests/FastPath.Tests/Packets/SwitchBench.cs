using System;
using System.Collections.Generic;
using System.Linq;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Tests.Packets;

/// <summary>
/// A switch on memory ports for tests: one worker, a clock that is moved by hand. Disposing it checks that every frame
/// came home and that the account of packets closes.
/// </summary>
public sealed class SwitchBench : IDisposable
{
    private readonly Umem _umem = Umem.Create(new UmemOptions(1024));
    private readonly SwitchState _state;
    private readonly List<PortEntry> _entries = [default];
    private readonly List<Port?> _devices = [null];
    private readonly List<MemoryPort> _ports = [];
    private readonly List<Adjacency> _adjacencies = [default];
    private readonly List<(Ip4Address, int, int)> _routes4 = [];
    private readonly List<(Ip6Address, int, int)> _routes6 = [];
    private readonly List<TunnelEntry> _tunnels = [];
    private readonly Dictionary<int, List<ushort>> _members = [];
    private ushort _punt;
    private MacAddress _puntMac;
    private long _generation;

    public SwitchBench() : this(Graph.Discover())
    {
    }

    public SwitchBench(Graph graph)
    {
        Clock = new ManualClock();
        _state = new SwitchState(graph, Clock, new FdbTable(1024, 1), new NeighborTable(1024, 1));
        _state.Umems[_umem.Number] = _umem;
        Worker = new Worker(_state, 0, _umem);
    }

    /// <summary>Feature chains of the next generation.</summary>
    public FeatureChains Features { get; set; } = FeatureChains.Empty;

    /// <summary>What becomes of a port: its name, number and memory.</summary>
    public Func<string, int, Umem, MemoryPort> MakePort { get; init; } = (name, index, umem) =>
        new MemoryPort(name, index, umem);

    public ManualClock Clock { get; }

    public Worker Worker { get; }

    public SwitchState State => _state;

    public Umem Umem => _umem;

    /// <summary>A port of a bridge.</summary>
    public MemoryPort BridgePort(int bridge, int mtu = 1500, bool partial = false)
    {
        MemoryPort port = AddDevice(new PortEntry
        {
            Kind = PortKind.Device,
            Bridge = (ushort)bridge,
            Learns = true,
            Mtu = mtu,
            MayBePartial = partial,
        });
        Members(bridge).Add((ushort)port.Index);
        return port;
    }

    /// <summary>A routed port with addresses.</summary>
    public MemoryPort RoutedPort(string mac, int mtu, params string[] addresses)
    {
        MemoryPort port = AddDevice(default);
        _entries[port.Index] = Routed(PortKind.Device, 0, mac, mtu, port.Index, addresses);
        return port;
    }

    /// <summary>The routed interface of a bridge.</summary>
    public int BridgeInterface(int bridge, string mac, int mtu, params string[] addresses)
    {
        int index = _entries.Count;
        _entries.Add(default);
        _devices.Add(null);
        _entries[index] = Routed(PortKind.BridgeInterface, bridge, mac, mtu, index, addresses);
        Members(bridge).Add((ushort)index);
        _state.Fdb.SetStatic(FdbTable.Key(bridge, MacAddress.Parse(mac).Value), index);
        return index;
    }

    /// <summary>Makes a routed port a shared uplink.</summary>
    public void ShareWithKernel(MemoryPort port) =>
        _entries[port.Index] = _entries[port.Index] with { KernelNeighbors = true };

    /// <summary>Gives a bridge interface that other nodes have, too, a MAC address of this node's own.</summary>
    public void ShareGateway(int index, string nodeMac)
    {
        _entries[index] = _entries[index] with { NodeMac = MacAddress.Parse(nodeMac) };
        _state.Fdb.SetStatic(FdbTable.Key(_entries[index].Bridge, MacAddress.Parse(nodeMac).Value), index);
    }

    public int Tunnel(int bridge, uint vni, string local, string remote, int port = 4789)
    {
        int index = _entries.Count;
        _entries.Add(new PortEntry
        {
            Kind = PortKind.Tunnel,
            Bridge = (ushort)bridge,
            Learns = true,
            Tunnel =
            _tunnels.Count
        });
        _devices.Add(null);
        _tunnels.Add(new TunnelEntry
        {
            Vni = vni,
            Local = Ip4Address.Parse(local),
            Remote = Ip4Address.Parse(remote),
            Port = (ushort)port,
            FirstSourcePort = 49152,
            SourcePortMask = 0x3FFF,
            TimeToLive = 64,
            PortNumber = (ushort)index,
        });
        Members(bridge).Add((ushort)index);
        return index;
    }

    public void Route(string prefix, AdjacencyKind kind, int port = 0, string? via = null, int mtu = 1500)
    {
        IpPrefix parsed = IpPrefix.Parse(prefix);
        Adjacency adjacency = new()
        {
            Kind = kind,
            Port = (ushort)port,
            Mtu = mtu,
            NextHop4 = via != null && parsed.IsV4 ? Ip4Address.Parse(via) : default,
            NextHop6 = via != null && !parsed.IsV4 ? Ip6Address.Parse(via) : default,
        };
        AddRoute(parsed, adjacency);
    }

    public void Neighbor(int port, string address, string mac)
    {
        IpAddress parsed = IpAddress.Parse(address);
        NeighborKey key = parsed.IsV4
            ? NeighborKey.Of((ushort)port, parsed.V4)
            : NeighborKey.Of((ushort)port, parsed.V6);
        Assert.True(_state.Neighbors.Set(key, MacAddress.Parse(mac).Value, NeighborState.Static, 0));
    }

    public void PuntTo(MemoryPort port, string mac)
    {
        _punt = (ushort)port.Index;
        _puntMac = MacAddress.Parse(mac);
    }

    /// <summary>Takes a port away; it is gone with the next generation.</summary>
    public void Remove(MemoryPort port)
    {
        _entries[port.Index] = default;
        _devices[port.Index] = null;
        _ports.Remove(port);
    }

    /// <summary>Enables features on a port; they take effect with the next generation.</summary>
    public void Enable(MemoryPort port, ArcChains chains) =>
        _entries[port.Index] = _entries[port.Index] with { Chains = chains };

    /// <summary>Its senders may leave checksums to the device.</summary>
    public void Partial(MemoryPort port) => _entries[port.Index] = _entries[port.Index] with { MayBePartial = true };

    /// <summary>Takes a port's device away; the next generation is without it.</summary>
    public void Unplug(MemoryPort port)
    {
        _devices[port.Index] = null;
        _ports.Remove(port);
        Commit();
    }

    /// <summary>Makes what was configured the generation of the next turn.</summary>
    public void Commit()
    {
        Fib4 fib4 = Fib4.Build(_routes4);
        TunnelEntry[] tunnels = [.. _tunnels.Select(tunnel => tunnel.Toward(fib4, _adjacencies))];
        int bridges = _members.Count == 0 ? 1 : _members.Keys.Max() + 1;
        _state.Root.Publish(new SwitchTables
        {
            Generation = ++_generation,
            Ports = [.. _entries],
            Devices = [[.. _devices]],
            Senders = new byte[_devices.Count],
            Bridges = [.. Enumerable.Range(0, bridges).Select(n => new BridgeEntry
            {
                Members = [.. _members.GetValueOrDefault(n) ?? []],
            })],
            AgingSeconds = [.. Enumerable.Repeat(300u, bridges)],
            Features = Features,
            Fib4 = fib4,
            Fib6 = Fib6.Build(_routes6),
            Adjacencies = [.. _adjacencies],
            Tunnels = tunnels,
            TunnelsByPacket = new TunnelTable(tunnels),
            VxlanPorts = [.. _tunnels.Select(tunnel => tunnel.Port).Distinct()],
            PuntPort = _punt,
            PuntMac = _puntMac,
            Receivers = [[.. _ports]],
        });
    }

    /// <summary>Lets a frame arrive and runs the switch until nothing moves.</summary>
    public void Receive(MemoryPort port, ReadOnlySpan<byte> frame)
    {
        port.Inject(frame);
        Run();
    }

    public void Run()
    {
        while (Worker.PollOnce())
        {
        }
    }

    /// <summary>Lets time pass; timers run.</summary>
    public void Wait(double seconds)
    {
        Clock.Advance((long)(seconds * 1e9));
        Run();
    }

    /// <summary>The only frame a port has sent.</summary>
    public static byte[] Only(MemoryPort port)
    {
        Assert.True(port.TryTake(out byte[] frame), $"port {port.Name} has sent nothing");
        Assert.False(port.TryTake(out _), $"port {port.Name} has sent more than one frame");
        return frame;
    }

    public static void Nothing(MemoryPort port) =>
        Assert.False(port.TryTake(out byte[] frame), $"port {port.Name} has sent {Convert.ToHexString(frame ?? [])}");

    /// <summary>Packets dropped for a reason, at any node.</summary>
    public long Dropped(DropReason reason)
    {
        long total = 0;
        for (int node = 0; node < Worker.Graph.Count; node++)
            total += (long)Worker.Counters.ReadDrops(node, reason);
        return total;
    }

    public void Dispose()
    {
        CheckAccount();
        Worker.Dispose();
        _state.Dispose();
        _umem.Dispose();
    }

    /// <summary>
    /// Frames: free + held = all. Packets: received + created + copies = sent + dropped + consumed + held.
    /// </summary>
    public void CheckAccount()
    {
        CounterBlock counters = Worker.Counters;
        ulong came = counters[Counter.Received] + counters[Counter.Created] + counters[Counter.Copies]
            + counters[Counter.Released];
        ulong went = counters[Counter.Sent] + counters[Counter.Dropped] + counters[Counter.Consumed]
            + counters[Counter.Held];
        Assert.Equal(came, went);
        Assert.Equal((ulong)Worker.Resolver.HeldCount, counters[Counter.Held] - counters[Counter.Released]);
        if (Worker.Resolver.HeldCount == 0)
            Assert.Equal(_umem.ChunkCount, _umem.FreeCount);
    }

    private List<ushort> Members(int bridge)
    {
        if (!_members.TryGetValue(bridge, out List<ushort>? members))
            _members[bridge] = members = [];
        return members;
    }

    private MemoryPort AddDevice(PortEntry entry)
    {
        MemoryPort port = MakePort($"p{_entries.Count}", _entries.Count, _umem);
        _entries.Add(entry);
        _devices.Add(port);
        _ports.Add(port);
        return port;
    }

    private PortEntry Routed(PortKind kind, int bridge, string mac, int mtu, int index, string[] addresses)
    {
        InterfaceAddress[] parsed = [.. addresses.Select(InterfaceAddress.Parse)];
        int link = _adjacencies.Count;
        _adjacencies.Add(new Adjacency { Kind = AdjacencyKind.Connected, Port = (ushort)index, Mtu = mtu });
        foreach (InterfaceAddress address in parsed)
        {
            AddRoute(address.Network,
                new Adjacency { Kind = AdjacencyKind.Connected, Port = (ushort)index, Mtu = mtu });
            AddRoute(IpPrefix.Of(address.Address, address.Address.IsV4 ? 32 : 128),
                new Adjacency { Kind = AdjacencyKind.Local, Port = (ushort)index });
        }

        return new PortEntry
        {
            Kind = kind,
            Bridge = (ushort)bridge,
            Mac = MacAddress.Parse(mac).Value,
            IsRouted = true,
            Mtu = mtu,
            SourceIp4 = parsed.Where(a => a.Address.IsV4).Select(a => a.Address.V4).FirstOrDefault(),
            SourceIp6 = parsed.Where(a => !a.Address.IsV4).Select(a => a.Address.V6).FirstOrDefault(),
            LinkAdjacency = link,
        };
    }

    private void AddRoute(IpPrefix prefix, Adjacency adjacency)
    {
        _adjacencies.Add(adjacency);
        if (prefix.IsV4)
            _routes4.Add((prefix.Address.V4, prefix.Length, _adjacencies.Count - 1));
        else
            _routes6.Add((prefix.Address.V6, prefix.Length, _adjacencies.Count - 1));
    }
}
