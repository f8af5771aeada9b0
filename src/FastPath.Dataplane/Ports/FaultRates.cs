namespace FastPath.Dataplane.Ports;

/// <summary>What <see cref="FaultPort"/> does to packets.</summary>
public enum Fault
{
    /// <summary>A received packet is lost.</summary>
    ReceiveDrop,

    /// <summary>A received packet comes twice.</summary>
    Duplicate,

    /// <summary>A received packet loses its end.</summary>
    Truncate,

    /// <summary>One bit of a received packet changes.</summary>
    Corrupt,

    /// <summary>A received packet comes later, behind others.</summary>
    Delay,

    /// <summary>The transmit ring takes nothing for a turn of the worker.</summary>
    RingFull,

    /// <summary>A packet is lost by the device after it took it.</summary>
    TransmitDrop,

    /// <summary>The device is gone for some turns: nothing arrives, what is sent is lost.</summary>
    Loss,
}

/// <summary>
/// How often each fault happens, in a thousand packets; <see cref="RingFull"/> and <see cref="Loss"/> in a thousand
/// turns.
/// </summary>
public readonly record struct FaultRates
{
    public int ReceiveDrop { get; init; }

    public int Duplicate { get; init; }

    public int Truncate { get; init; }

    public int Corrupt { get; init; }

    public int Delay { get; init; }

    public int RingFull { get; init; }

    public int TransmitDrop { get; init; }

    public int Loss { get; init; }
}
