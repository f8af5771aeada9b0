using System.Collections.Generic;

namespace FastPath.Api;

/// <summary>A local VXLAN tunnel end point.</summary>
public sealed record VtepConfig
{
    /// <summary>IPv4 address; one of an uplink's or routed port's.</summary>
    public string Address { get; set; } = "";

    /// <summary>UDP port.</summary>
    public int Port { get; set; } = 4789;

    /// <summary>UDP source ports that flows are spread over, first-last; a power of two of them.</summary>
    public string SourcePorts { get; set; } = "49152-65535";

    /// <summary>TTL of the outer header, 1..255.</summary>
    public int Ttl { get; set; } = 64;
}

/// <summary>A bridge domain.</summary>
public sealed record BridgeConfig
{
    /// <summary>VXLAN network identifier, 1..16777215; needs <see cref="Vtep"/>.</summary>
    public int? Vni { get; set; }

    /// <summary>Local tunnel end point, by name.</summary>
    public string? Vtep { get; set; }

    /// <summary>Addresses of the remote tunnel end points that unknown and group frames are sent to.</summary>
    public IReadOnlyList<string> Remotes { get; set; } = [];

    /// <summary>The bridge's routed interface.</summary>
    public GatewayConfig? Gateway { get; set; }

    /// <summary>Seconds until a silent address is forgotten, 10..86400.</summary>
    public int AgingSeconds { get; set; } = 300;
}

/// <summary>The routed interface of a bridge (BVI).</summary>
public sealed record GatewayConfig
{
    /// <summary>Addresses, each address/length.</summary>
    public IReadOnlyList<string> Addresses { get; set; } = [];

    /// <summary>MAC address; derived from the bridge's name when absent.</summary>
    public string? Mac { get; set; }

    /// <summary>Largest network packet, bytes; the smallest of the bridge's members when absent.</summary>
    public int? Mtu { get; set; }
}

/// <summary>
/// A static entry of a bridge's forwarding database: behind a port, or behind a remote tunnel end point.
/// </summary>
public sealed record FdbConfig
{
    public string Bridge { get; set; } = "";

    public string Mac { get; set; } = "";

    /// <summary>Exactly one of this and <see cref="Remote"/>.</summary>
    public string? Port { get; set; }

    public string? Remote { get; set; }
}

/// <summary>A route.</summary>
public sealed record RouteConfig
{
    /// <summary>Destination, address/length without host bits.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Next hop; with <see cref="Type"/> "unicast" at least one of this and <see cref="Interface"/>.</summary>
    public string? Via { get; set; }

    /// <summary>Routed port, uplink or bridge to leave by; found by the next hop when absent.</summary>
    public string? Interface { get; set; }

    /// <summary>"unicast", "blackhole", "unreachable" or "prohibit".</summary>
    public string Type { get; set; } = "unicast";
}

/// <summary>A static neighbor.</summary>
public sealed record NeighborConfig
{
    /// <summary>Routed port, uplink or bridge.</summary>
    public string Interface { get; set; } = "";

    public string Address { get; set; } = "";

    public string Mac { get; set; } = "";
}

/// <summary>A bridge with its state.</summary>
public sealed record BridgeView(
    string Name, BridgeConfig Config, IReadOnlyList<string> Ports, int Addresses, string GatewayMac, int GatewayMtu);

/// <summary>A tunnel end point with its tunnels.</summary>
public sealed record VtepView(string Name, VtepConfig Config, IReadOnlyList<TunnelView> Tunnels);

/// <param name="Bridge">Bridge domain.</param>
/// <param name="Vni">Network identifier.</param>
/// <param name="Remote">Remote end point.</param>
/// <param name="InnerMtu">Largest inner network packet, bytes.</param>
/// <param name="MtuExplanation">The arithmetic: underlay MTU less 50.</param>
/// <param name="State">"up", "unresolved" or "unreachable".</param>
public sealed record TunnelView(
    string Bridge, int Vni, string Remote, int InnerMtu, string MtuExplanation, string State);

/// <summary>One line of a forwarding database listing.</summary>
/// <param name="Target">Port name, "vxlan 192.0.2.2" or "gateway".</param>
/// <param name="AgeSeconds">Since its last packet; null for static entries.</param>
public sealed record FdbView(string Bridge, string Mac, string Target, bool IsStatic, uint? AgeSeconds);

/// <param name="Source">"config", "connected" or "local".</param>
public sealed record RouteView(string Prefix, string Type, string Via, string Interface, string Source);

/// <param name="State">"reachable", "static" or "kernel".</param>
public sealed record NeighborView(string Interface, string Address, string Mac, string State, uint? AgeSeconds);
