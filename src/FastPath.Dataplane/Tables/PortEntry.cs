using FastPath.Dataplane.Engine;
using FastPath.Net;

namespace FastPath.Dataplane.Tables;

/// <summary>
/// What the nodes need to know about one port, tunnel or bridge interface. Immutable within a generation.
/// </summary>
[Shared]
public readonly struct PortEntry
{
    public PortKind Kind { get; init; }

    /// <summary>Bridge it belongs to, 1..; 0 for a routed port.</summary>
    public ushort Bridge { get; init; }

    /// <summary>Own MAC address, of a routed port or bridge interface, as the machine reads it from a header.</summary>
    internal ulong MacBits { get; private init; }

    /// <summary>The same as a number, first octet most significant.</summary>
    public ulong Mac
    {
        get => MacAddress.Value;
        init => MacBits = MacAddress.FromValue(value).Bits;
    }

    /// <summary>
    /// Other nodes have the same gateway with the same MAC address, so answers to it would end at the node they come
    /// from: a MAC address that only this node has, to ask for neighbors from. Zero for all other ports.
    /// </summary>
    public MacAddress NodeMac { get; init; }

    /// <summary>MAC address to ask for neighbors from.</summary>
    public MacAddress AskMac => NodeMac.IsZero ? MacAddress : NodeMac;

    /// <summary>Whether a link-local address is its own; each of its MAC addresses makes one.</summary>
    public bool HasLinkLocal(Ip6Address address) =>
        address == MacAddress.LinkLocal() || (!NodeMac.IsZero && address == NodeMac.LinkLocal());

    /// <summary>Routed: has addresses and takes part in layer 3.</summary>
    public bool IsRouted { get; init; }

    /// <summary>Learns source addresses.</summary>
    public bool Learns { get; init; }

    /// <summary>Its sender may leave L4 checksums to the device.</summary>
    public bool MayBePartial
    {
        get => ReceiveFlags != PacketFlags.None;
        init => ReceiveFlags = value ? PacketFlags.MaybePartialChecksum : PacketFlags.None;
    }

    /// <summary>What is noted on every packet that comes in by it.</summary>
    internal PacketFlags ReceiveFlags { get; private init; }

    /// <summary>
    /// Neighbors come from the kernel, which asks (shared uplink); FastPath answers only what owned MAC addresses get.
    /// </summary>
    public bool KernelNeighbors { get; init; }

    /// <summary>Largest network packet, bytes.</summary>
    public int Mtu { get; init; }

    /// <summary>Index into the tunnels of <see cref="SwitchTables"/>; for tunnels.</summary>
    public int Tunnel { get; init; }

    /// <summary>IPv4 address used as source of own packets; unspecified when none.</summary>
    public Ip4Address SourceIp4 { get; init; }

    /// <summary>IPv6 address used as source of own packets; unspecified when none.</summary>
    public Ip6Address SourceIp6 { get; init; }

    /// <summary>Adjacency "connected by this port", for answers to link-local addresses.</summary>
    public int LinkAdjacency { get; init; }

    /// <summary>Chains of enabled features by arc (<see cref="FeatureChains"/>); 0 where none is enabled.</summary>
    public ArcChains Chains { get; init; }

    public MacAddress MacAddress => MacAddress.FromBits(MacBits);
}
