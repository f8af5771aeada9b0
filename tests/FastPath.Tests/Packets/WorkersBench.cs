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
/// Several workers, each with memory of its own, stepped by one thread. A port is served by one worker; the others hand
/// packets for it over.
/// </summary>
public sealed class WorkersBench : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly SwitchState _state;
    private readonly Umem[] _umems;
    private readonly List<PortEntry> _entries = [default];
    private readonly List<(int Worker, Port Port)> _ports = [];
    private readonly List<Adjacency> _adjacencies = [default];
    private readonly List<(Ip4Address, int, int)> _routes = [];
    private readonly List<(Ip6Address, int, int)> _routes6 = [];

    public WorkersBench(int workers, int chunks = 1024)
    {
        _state = new SwitchState(Graph.Discover(), _clock, new FdbTable(1024, 1), new NeighborTable(256, 1), workers);
        _umems = [.. Enumerable.Range(0, workers).Select(_ => Umem.Create(new UmemOptions(chunks)))];
        foreach (Umem umem in _umems)
            _state.Umems[umem.Number] = umem;
        Workers = [.. Enumerable.Range(0, workers).Select(n => new Worker(_state, n, _umems[n]))];
    }

    public Worker[] Workers { get; }

    public SwitchState State => _state;

    public MemoryPort BridgePort(int worker) =>
        Add(worker, new PortEntry { Kind = PortKind.Device, Bridge = 1, Learns = true, Mtu = 1500 });

    /// <summary>A routed port with an address/length of each family.</summary>
    public MemoryPort RoutedPort(int worker, string mac, string address4, string address6)
    {
        InterfaceAddress four = InterfaceAddress.Parse(address4), six = InterfaceAddress.Parse(address6);
        ushort index = (ushort)_entries.Count;
        MemoryPort port = Add(worker, new PortEntry
        {
            Kind = PortKind.Device,
            IsRouted = true,
            Mac = MacAddress.Parse(mac).Value,
            Mtu = 1500,
            SourceIp4 = four.Address.V4,
            SourceIp6 = six.Address.V6,
        });
        int connected = Lead(AdjacencyKind.Connected, index), local = Lead(AdjacencyKind.Local, index);
        _routes.Add((four.Network.Address.V4, four.PrefixLength, connected));
        _routes.Add((four.Address.V4, 32, local));
        _routes6.Add((six.Network.Address.V6, six.PrefixLength, connected));
        _routes6.Add((six.Address.V6, 128, local));
        return port;
    }

    public void Commit()
    {
        ushort[] members = [.. _ports.Where(p => _entries[p.Port.Index].Bridge == 1).Select(p => (ushort)p.Port.Index)];
        _state.Root.Publish(new SwitchTables
        {
            Generation = 1,
            Ports = [.. _entries],
            Devices = [.. Workers.Select(w => DevicesOf(w.Index))],
            Senders = [0, .. _ports.Select(p => (byte)p.Worker)],
            Bridges = [default, new BridgeEntry { Members = members }],
            AgingSeconds = [300, 300],
            Fib4 = Fib4.Build(_routes),
            Fib6 = Fib6.Build(_routes6),
            Adjacencies = [.. _adjacencies],
            Receivers = [.. Workers.Select(w => _ports.Where(p => p.Worker == w.Index).Select(p => p.Port).ToArray())],
        });
    }

    public void Receive(MemoryPort port, ReadOnlySpan<byte> frame)
    {
        port.Inject(frame);
        Run();
    }

    public void Run()
    {
        bool any = true;
        while (any)
        {
            any = false;
            foreach (Worker worker in Workers)
                any |= worker.PollOnce();
        }
    }

    public void Wait(double seconds)
    {
        _clock.Advance((long)(seconds * 1e9));
        Run();
    }

    public long Dropped(DropReason reason) =>
        Workers.Sum(w => Enumerable.Range(0, w.Graph.Count).Sum(n => (long)w.Counters.ReadDrops(n, reason)));

    public void Dispose()
    {
        CheckAccount();
        foreach (Worker worker in Workers)
            worker.Dispose();
        _state.Dispose();
        foreach (Umem umem in _umems)
            umem.Dispose();
    }

    private void CheckAccount()
    {
        ulong handedOut = 0, handedIn = 0;
        foreach (CounterBlock c in Workers.Select(w => w.Counters))
        {
            ulong came = c[Counter.Received] + c[Counter.Created] + c[Counter.Copies] + c[Counter.Released]
                + c[Counter.HandedIn];
            ulong went = c[Counter.Sent] + c[Counter.Dropped] + c[Counter.Consumed] + c[Counter.Held]
                + c[Counter.HandedOut];
            Assert.Equal(came, went);
            handedOut += c[Counter.HandedOut];
            handedIn += c[Counter.HandedIn];
        }

        Assert.Equal(handedOut, handedIn);
        if (Workers.All(w => w.Resolver.HeldCount == 0))
            Assert.All(_umems, umem => Assert.Equal(umem.ChunkCount, umem.FreeCount));
    }

    private MemoryPort Add(int worker, PortEntry entry)
    {
        MemoryPort port = new($"p{_entries.Count}", _entries.Count, _umems[worker]);
        _entries.Add(entry);
        _ports.Add((worker, port));
        return port;
    }

    private Port?[] DevicesOf(int worker) => [null, .. _ports.Select(p => p.Worker == worker ? p.Port : null)];

    private int Lead(AdjacencyKind kind, ushort port)
    {
        _adjacencies.Add(new Adjacency { Kind = kind, Port = port, Mtu = 1500 });
        return _adjacencies.Count - 1;
    }
}
