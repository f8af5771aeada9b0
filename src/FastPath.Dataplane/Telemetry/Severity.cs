namespace FastPath.Dataplane.Telemetry;

/// <summary>What an operator should make of a drop.</summary>
public enum Severity : byte
{
    /// <summary>Expected traffic.</summary>
    Normal,

    /// <summary>The sender is wrong.</summary>
    Packet,

    /// <summary>The operator can change it by configuration.</summary>
    Config,

    /// <summary>Out of a resource.</summary>
    Load,

    /// <summary>A fault of FastPath: report it.</summary>
    Bug,
}
