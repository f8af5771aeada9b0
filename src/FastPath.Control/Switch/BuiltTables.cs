using System.Collections.Generic;
using FastPath.Dataplane.Tables;
using FastPath.Net;

namespace FastPath.Control.Switch;

/// <summary>A generation with what the control plane needs to set beside it and to show of it.</summary>
internal sealed record BuiltTables
{
    public static BuiltTables Empty { get; } = new();

    public SwitchTables Tables { get; init; } = SwitchTables.Empty;

    public IReadOnlyList<RouteRecord> Routes { get; init; } = [];

    /// <summary>Entries of the forwarding database that neither age nor move: key to port number.</summary>
    public IReadOnlyDictionary<ulong, ushort> StaticAddresses { get; init; } = new Dictionary<ulong, ushort>();

    public IReadOnlyDictionary<NeighborKey, MacAddress> StaticNeighbors { get; init; } = new Dictionary<NeighborKey, MacAddress>();

    public IReadOnlyList<BuiltTunnel> Tunnels { get; init; } = [];

    /// <summary>MTU of bridge interfaces by bridge.</summary>
    public IReadOnlyDictionary<string, int> GatewayMtus { get; init; } = new Dictionary<string, int>();
}

/// <summary>A tunnel as it came out.</summary>
/// <param name="UnderlayPort">Number of the port that leads to the remote end; 0 when there is no way.</param>
/// <param name="UnderlayMtu">MTU of that way, bytes; 0 when there is none.</param>
/// <param name="NextHop">The neighbor in the underlay.</param>
internal sealed record BuiltTunnel(
    string Bridge, string Vtep, uint Vni, Ip4Address Remote, ushort Number, ushort UnderlayPort, int UnderlayMtu, Ip4Address NextHop)
{
    /// <summary>Outer Ethernet is the underlay's; inside come IPv4 20, UDP 8, VXLAN 8 and the inner Ethernet header 14.</summary>
    public const int OverheadBytes = 50;

    /// <summary>Largest inner network packet, bytes; 0 when there is no way.</summary>
    public int InnerMtu => UnderlayMtu == 0 ? 0 : UnderlayMtu - OverheadBytes;
}
