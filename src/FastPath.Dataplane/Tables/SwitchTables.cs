using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Net;

namespace FastPath.Dataplane.Tables;

/// <summary>
/// Everything the configuration decides, as one immutable value: a generation. Workers read the reference once for each
/// batch, so a batch sees one generation from its first node to its last.
/// </summary>
[Shared]
public sealed class SwitchTables
{
    /// <summary>The tables of a switch without configuration.</summary>
    public static SwitchTables Empty { get; } = new();

    public long Generation { get; init; }

    /// <summary>Ports, tunnels and bridge interfaces by number; number 0 is nothing.</summary>
    public PortEntry[] Ports { get; init; } = new PortEntry[1];

    /// <summary>
    /// Devices by worker and port number: the transmit queue that the worker itself has. Null for tunnels, bridge
    /// interfaces, ports that are gone, and where the worker has no queue.
    /// </summary>
    public Port?[][] Devices { get; init; } = ForEachWorker(new Port?[1]);

    /// <summary>
    /// Worker that sends for those without a queue of their own, by port number; a device port has one.
    /// </summary>
    public byte[] Senders { get; init; } = new byte[1];

    /// <summary>Enabled features, as ports name them.</summary>
    public FeatureChains Features { get; init; } = FeatureChains.Empty;

    /// <summary>Bridges by number, 1..; number 0 is nothing.</summary>
    public BridgeEntry[] Bridges { get; init; } = new BridgeEntry[1];

    /// <summary>Seconds until a bridge forgets a silent address, by bridge number.</summary>
    public uint[] AgingSeconds { get; init; } = new uint[1];

    public Fib4 Fib4 { get; init; } = Fib4.Empty;

    public Fib6 Fib6 { get; init; } = Fib6.Empty;

    /// <summary>What route lookups result in, by index; 0 is "no route".</summary>
    public Adjacency[] Adjacencies { get; init; } = new Adjacency[1];

    /// <summary>Tunnels by their index in <see cref="PortEntry.Tunnel"/>.</summary>
    public TunnelEntry[] Tunnels { get; init; } = [];

    /// <summary>Tunnels by what a packet from the underlay says.</summary>
    public TunnelTable TunnelsByPacket { get; init; } = TunnelTable.Empty;

    /// <summary>Local UDP ports on which VXLAN is taken; usually one.</summary>
    public ushort[] VxlanPorts { get; init; } = [];

    /// <summary>Port whose far end is the host's; 0 when there is none.</summary>
    public ushort PuntPort { get; init; }

    /// <summary>MAC address of the punt port's far end.</summary>
    public MacAddress PuntMac { get; init; }

    /// <summary>Queues that each worker serves: receives from, sends to, or both.</summary>
    public Port[][] Receivers { get; init; } = ForEachWorker<Port>([]);

    /// <summary>Whether the route to an address is of a kind and leads by a port.</summary>
    public bool IsBy(ushort port, AdjacencyKind kind, Ip4Address address) => IsBy(port, kind, Fib4.Lookup(address));

    /// <inheritdoc cref="IsBy(ushort, AdjacencyKind, Ip4Address)"/>
    public bool IsBy(ushort port, AdjacencyKind kind, Ip6Address address) => IsBy(port, kind, Fib6.Lookup(address));

    private bool IsBy(ushort port, AdjacencyKind kind, int adjacency)
    {
        ref Adjacency way = ref Adjacencies[adjacency];
        return way.Kind == kind && way.Port == port;
    }

    /// <summary>Workers run before the first generation is published: each finds nothing.</summary>
    private static T[][] ForEachWorker<T>(T[] nothing)
    {
        T[][] all = new T[Limits.WorkersMax][];
        System.Array.Fill(all, nothing);
        return all;
    }
}
