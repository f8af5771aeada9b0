namespace FastPath.Xdp;

/// <summary>How a socket binds to its queue.</summary>
public enum XdpMode
{
    /// <summary>Zero copy where the driver has it, copy otherwise.</summary>
    Auto,
    Copy,
    ZeroCopy,
}

/// <summary>Sizes and limits of one socket. Ring sizes are powers of two, in entries.</summary>
public sealed record XdpSocketOptions
{
    public int RxEntries { get; init; } = 512;

    public int TxEntries { get; init; } = 512;

    public int FillEntries { get; init; } = 512;

    public int CompletionEntries { get; init; } = 512;

    public XdpMode Mode { get; init; } = XdpMode.Copy;

    /// <summary>Packets the kernel sends in one call (XDP_MAX_TX_SKB_BUDGET, 32 to the TX ring's size).</summary>
    public int TxBudget { get; init; } = 256;

    /// <summary>Bytes of packets in flight (SO_SNDBUFFORCE): the default of 208 KiB is about 277 small packets.</summary>
    public int SendBufferBytes { get; init; } = 16 << 20;

    /// <summary>Features to do without, as if the kernel lacked them; for tests and for operators.</summary>
    public KernelFeature Refused { get; init; }
}
