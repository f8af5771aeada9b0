namespace FastPath.Xdp.Netlink;

/// <summary>One end of a veth pair that is to be created.</summary>
public sealed record VethEnd
{
    /// <summary>Device name, 1 to 15 bytes.</summary>
    public required string Name { get; init; }

    /// <summary>MAC address, 48 bits, first octet most significant; the kernel picks one when null.</summary>
    public ulong? Mac { get; init; }

    public int RxQueues { get; init; } = 1;

    /// <summary>
    /// Transmit queues. XDP on the other end demands at most as many as the other end has receive queues.
    /// </summary>
    public int TxQueues { get; init; } = 1;

    /// <summary>Where this end is created; null is the namespace of the socket.</summary>
    public NetworkNamespace? Namespace { get; init; }
}

/// <summary>A veth pair that is to be created: both ends with one MTU.</summary>
/// <param name="Switch">The end FastPath receives on.</param>
/// <param name="Container">The other end.</param>
/// <param name="Mtu">Largest network packet of both ends, bytes; the kernel's 1,500 when null.</param>
public sealed record VethPair(VethEnd Switch, VethEnd Container, int? Mtu = null);
