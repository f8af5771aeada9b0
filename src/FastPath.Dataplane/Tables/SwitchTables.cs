using FastPath.Dataplane.Ports;

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

    /// <summary>Devices by port number; null for tunnels, bridge interfaces and ports that are gone.</summary>
    public Port?[] Devices { get; init; } = new Port?[1];

    /// <summary>Bridges by number, 1..; number 0 is nothing.</summary>
    public BridgeEntry[] Bridges { get; init; } = new BridgeEntry[1];

    /// <summary>Ports that each worker receives from.</summary>
    public Port[][] Receivers { get; init; } = [[]];
}
