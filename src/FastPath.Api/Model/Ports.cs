using System.Collections.Generic;

namespace FastPath.Api;

/// <summary>A dedicated port: everything its device receives belongs to FastPath.</summary>
public sealed record PortConfig
{
    /// <summary>An existing device in fastpathd's namespace. Exactly one of this and <see cref="Container"/>.</summary>
    public string? Device { get; set; }

    /// <summary>A veth that fastpathd creates: its end in a container's namespace.</summary>
    public ContainerEnd? Container { get; set; }

    /// <summary>Bridge domain the port belongs to. Exactly one of this and <see cref="Addresses"/>.</summary>
    public string? Bridge { get; set; }

    /// <summary>Addresses of a routed port, each address/length.</summary>
    public IReadOnlyList<string> Addresses { get; set; } = [];

    /// <summary>Own MAC address of a routed port; the device's when absent.</summary>
    public string? Mac { get; set; }

    /// <summary>Largest network packet, bytes, 1280..65000; the device's when absent.</summary>
    public int? Mtu { get; set; }

    /// <summary>Who makes L4 checksums of what the container sends: "container" (default, safe) or "device" (partial
    /// checksums pass through FastPath and are completed only where they must be).</summary>
    public string Checksums { get; set; } = ChecksumModes.Container;

    /// <summary>Whether source addresses are learned on it (bridged ports).</summary>
    public bool Learning { get; set; } = true;
}

/// <summary>Values of <see cref="PortConfig.Checksums"/>.</summary>
public static class ChecksumModes
{
    public const string Container = "container";
    public const string Device = "device";
}

/// <summary>The container's end of a veth that fastpathd creates.</summary>
public sealed record ContainerEnd
{
    /// <summary>Network namespace: a name in /run/netns, or a path such as /proc/1234/ns/net.</summary>
    public string Namespace { get; set; } = "";

    public string Interface { get; set; } = "eth0";

    /// <summary>
    /// MAC address. When absent it follows from the first address, so that neighbors find whoever has that next.
    /// </summary>
    public string? Mac { get; set; }

    /// <summary>Addresses to set on it, each address/length.</summary>
    public IReadOnlyList<string> Addresses { get; set; } = [];

    /// <summary>Default gateways to set in the namespace, at most one of each family.</summary>
    public IReadOnlyList<string> Gateways { get; set; } = [];
}

/// <summary>A device that stays the kernel's: FastPath takes the claimed traffic, the rest passes.</summary>
public sealed record UplinkConfig
{
    public string Device { get; set; } = "";

    /// <summary>Receive queues that FastPath takes, 1..64; all of the device's when absent.</summary>
    public int? Queues { get; set; }

    /// <summary>"auto" or "copy": the kernel copies each packet. "zeroCopy" is refused: it is not implemented yet.</summary>
    public string Mode { get; set; } = "auto";

    /// <summary>
    /// Addresses of the underlay, each address/length; those that the kernel has on the device when absent.
    /// </summary>
    public IReadOnlyList<string> Addresses { get; set; } = [];

    /// <summary>MAC addresses whose frames FastPath takes besides what its tunnels need.</summary>
    public IReadOnlyList<string> Macs { get; set; } = [];

    /// <summary>IPv4 prefixes whose packets FastPath takes.</summary>
    public IReadOnlyList<string> Prefixes { get; set; } = [];
}

/// <summary>
/// The veth between host and FastPath: what FastPath's own addresses receive and no service of it takes.
/// </summary>
public sealed record PuntConfig
{
    /// <summary>Name of the host's end, created by fastpathd.</summary>
    public string Interface { get; set; } = "fphost";

    /// <summary>Addresses of the host's end, each address/length.</summary>
    public IReadOnlyList<string> HostAddresses { get; set; } = [];

    /// <summary>Addresses of FastPath's end in the same networks.</summary>
    public IReadOnlyList<string> Addresses { get; set; } = [];

    /// <summary>Whether fastpathd gives the host routes to the networks that FastPath is connected to.</summary>
    public bool InstallRoutes { get; set; } = true;
}

/// <summary>A port, an uplink or the punt port with its state.</summary>
/// <param name="Kind">One of <see cref="PortKinds"/>.</param>
/// <param name="Port">Configuration of a port.</param>
/// <param name="Uplink">Configuration of an uplink.</param>
/// <param name="Status">State now.</param>
public sealed record PortView(string Name, string Kind, PortConfig? Port, UplinkConfig? Uplink, PortStatus Status);

/// <summary>Values of <see cref="PortView.Kind"/>.</summary>
public static class PortKinds
{
    public const string Port = "port";
    public const string Uplink = "uplink";
    public const string Punt = "punt";
}

/// <summary>What a port is and does now.</summary>
/// <param name="State">"up", "down" (no carrier or administratively down), "missing" (device gone) or "failed".</param>
/// <param name="Reason">Why, in a sentence, with what to do; empty when up.</param>
/// <param name="Since">When the state began, UTC, ISO 8601.</param>
/// <param name="Device">Device name.</param>
/// <param name="IfIndex">Interface index; 0 when missing.</param>
/// <param name="Mac">MAC address.</param>
/// <param name="Mtu">Largest network packet, bytes.</param>
/// <param name="MtuExplanation">How that came about.</param>
/// <param name="XdpMode">"native" or "generic"; empty for other kinds of port.</param>
/// <param name="CopyMode">"copy" or "zeroCopy".</param>
/// <param name="Queues">Receive queues.</param>
/// <param name="Checksums">How L4 checksums are treated.</param>
/// <param name="MissingFeatures">Kernel features that the port does without, each with its consequence.</param>
/// <param name="Counters">By name (docs/COUNTERS.md).</param>
public sealed record PortStatus(
    string State,
    string Reason,
    string Since,
    string Device,
    int IfIndex,
    string Mac,
    int Mtu,
    string MtuExplanation,
    string XdpMode,
    string CopyMode,
    int Queues,
    string Checksums,
    IReadOnlyList<string> MissingFeatures,
    IReadOnlyDictionary<string, ulong> Counters);

/// <summary>The link between host and FastPath with the state of FastPath's end.</summary>
public sealed record PuntView(PuntConfig Config, PortStatus? Status);
