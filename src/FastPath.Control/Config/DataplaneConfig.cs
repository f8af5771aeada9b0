using System.Collections.Generic;
using FastPath.Net;
using FastPath.Xdp;

namespace FastPath.Control.Config;

/// <summary>
/// A configuration that was found right: addresses are addresses, references exist, everything that is left out has its
/// default. Made by <see cref="Validator"/> only.
/// </summary>
public sealed record DataplaneConfig
{
    public static DataplaneConfig Empty { get; } = new();

    public SystemSettings System { get; init; } = new();

    public IReadOnlyDictionary<string, PortSettings> Ports { get; init; } = new Dictionary<string, PortSettings>();

    public IReadOnlyDictionary<string, UplinkSettings> Uplinks { get; init; } = new Dictionary<string, UplinkSettings>();

    public IReadOnlyDictionary<string, VtepSettings> Vteps { get; init; } = new Dictionary<string, VtepSettings>();

    public IReadOnlyDictionary<string, BridgeSettings> Bridges { get; init; } = new Dictionary<string, BridgeSettings>();

    public IReadOnlyList<FdbSettings> Fdb { get; init; } = [];

    public IReadOnlyList<RouteSettings> Routes { get; init; } = [];

    public IReadOnlyList<NeighborSettings> Neighbors { get; init; } = [];

    public PuntSettings? Punt { get; init; }
}

public sealed record SystemSettings
{
    public int Workers { get; init; } = 1;

    /// <summary>Processor of each worker; empty leaves them to the scheduler.</summary>
    public IReadOnlyList<int> Processors { get; init; } = [];

    public UmemOptions Memory { get; init; } = new();

    public int FdbEntries { get; init; } = 65_536;

    public int NeighborEntries { get; init; } = 16_384;

    public int SpinMicroseconds { get; init; } = 20;

    public KernelFeature Refused { get; init; }
}

/// <summary>A dedicated port. Bridged when <see cref="Bridge"/> is set, routed otherwise.</summary>
public sealed record PortSettings(string Name)
{
    public string? Device { get; init; }

    public ContainerSettings? Container { get; init; }

    public string? Bridge { get; init; }

    public IReadOnlyList<InterfaceAddress> Addresses { get; init; } = [];

    public MacAddress? Mac { get; init; }

    /// <summary>Bytes; null takes the device's.</summary>
    public int? Mtu { get; init; }

    /// <summary>Whether the sender may leave L4 checksums to the device.</summary>
    public bool DeviceChecksums { get; init; }

    public bool Learning { get; init; } = true;
}

public sealed record ContainerSettings(string Namespace, string Interface)
{
    public MacAddress? Mac { get; init; }

    public IReadOnlyList<InterfaceAddress> Addresses { get; init; } = [];

    public IReadOnlyList<IpAddress> Gateways { get; init; } = [];

    /// <summary>Path of the namespace: a name means one in /run/netns.</summary>
    public string Path => Namespace.StartsWith('/') ? Namespace : "/run/netns/" + Namespace;
}

public sealed record UplinkSettings(string Name, string Device)
{
    /// <summary>Receive queues; null takes all.</summary>
    public int? Queues { get; init; }

    /// <summary>Empty takes those that the kernel has on the device.</summary>
    public IReadOnlyList<InterfaceAddress> Addresses { get; init; } = [];

    public IReadOnlyList<MacAddress> Macs { get; init; } = [];

    public IReadOnlyList<IpPrefix> Prefixes { get; init; } = [];
}

public sealed record VtepSettings(string Name, Ip4Address Address)
{
    public ushort Port { get; init; } = 4789;

    public ushort FirstSourcePort { get; init; } = 49152;

    /// <summary>Number of source ports less one; their number is a power of two.</summary>
    public ushort SourcePortMask { get; init; } = 0x3FFF;

    public byte TimeToLive { get; init; } = 64;
}

public sealed record BridgeSettings(string Name)
{
    public uint Vni { get; init; }

    public string? Vtep { get; init; }

    public IReadOnlyList<Ip4Address> Remotes { get; init; } = [];

    public GatewaySettings? Gateway { get; init; }

    public uint AgingSeconds { get; init; } = 300;
}

public sealed record GatewaySettings(IReadOnlyList<InterfaceAddress> Addresses, MacAddress Mac, int? Mtu);

/// <summary>A static address behind a port, or behind a remote end point when <see cref="Port"/> is null.</summary>
public sealed record FdbSettings(string Bridge, MacAddress Mac, string? Port, Ip4Address Remote);

public enum RouteKind
{
    Unicast,
    Blackhole,
    Unreachable,
    Prohibit,
}

/// <summary>A route; <see cref="Interface"/> is found already when the file left it out.</summary>
public sealed record RouteSettings(IpPrefix Prefix, RouteKind Kind, IpAddress? Via, string? Interface);

public sealed record NeighborSettings(string Interface, IpAddress Address, MacAddress Mac);

public sealed record PuntSettings(string Interface)
{
    public IReadOnlyList<InterfaceAddress> HostAddresses { get; init; } = [];

    public IReadOnlyList<InterfaceAddress> Addresses { get; init; } = [];

    public bool InstallRoutes { get; init; } = true;
}
