namespace FastPath.Dataplane.Tables;

/// <summary>One bridge domain as the nodes see it. Immutable within a generation.</summary>
[Shared]
public readonly struct BridgeEntry
{
    public BridgeEntry()
    {
    }

    /// <summary>Ports, tunnels and the bridge interface that a flooded frame goes to.</summary>
    public ushort[] Members { get; init; } = [];
}
