namespace FastPath.Control.Switch;

/// <summary>How a port is.</summary>
internal enum PortState
{
    /// <summary>Open, and its device carries packets.</summary>
    Up,

    /// <summary>Open, but the device is down or has no carrier.</summary>
    Down,

    /// <summary>The device is not there.</summary>
    Missing,

    /// <summary>The device is there, but the port could not be opened.</summary>
    Failed,
}
