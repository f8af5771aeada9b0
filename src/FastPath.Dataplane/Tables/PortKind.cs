namespace FastPath.Dataplane.Tables;

/// <summary>What a number in the port table stands for.</summary>
public enum PortKind : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A device; frames go to its transmit queue.</summary>
    Device,

    /// <summary>A VXLAN tunnel of one bridge to one remote end point.</summary>
    Tunnel,

    /// <summary>The routed interface of a bridge (BVI).</summary>
    BridgeInterface,
}
