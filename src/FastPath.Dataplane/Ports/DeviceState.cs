namespace FastPath.Dataplane.Ports;

/// <summary>What the kernel last said about a port's device, when it was asked to transmit.</summary>
public enum DeviceState : byte
{
    /// <summary>Takes packets.</summary>
    Up,

    /// <summary>Administratively down. What is in the ring waits and leaves when the device is up again.</summary>
    Down,

    /// <summary>Removed, or moved to another network namespace: this socket is dead for good.</summary>
    Gone,
}
