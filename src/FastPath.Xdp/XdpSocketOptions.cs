using System;

namespace FastPath.Xdp;

/// <summary>How the first socket of a UMEM binds to its queue; <see cref="XdpSocket.IsZeroCopy"/> says what came of it.</summary>
public enum XdpMode
{
    /// <summary>The kernel copies each packet: the only mode that a UMEM shared with veth devices can have.</summary>
    Copy,

    /// <summary>Zero copy where the driver has it, copy otherwise.</summary>
    Auto,
}

/// <summary>Sizes and limits of one socket. Ring sizes are powers of two, in entries.</summary>
[Control]
public sealed record XdpSocketOptions
{
    /// <summary>RX ring; 0 makes a socket that only transmits.</summary>
    public int RxEntries { get; init; } = 512;

    public int TxEntries { get; init; } = 512;

    /// <summary>Fill ring, not below the RX ring. The kernel wants one even for a socket that only transmits.</summary>
    public int FillEntries { get; init; } = 512;

    /// <summary>Completion ring, not below the TX ring: the kernel stops sending while it is full.</summary>
    public int CompletionEntries { get; init; } = 512;

    /// <summary>Port of the switch it serves, 1..4,095; 0 for an anchor. Kept with the socket for a restart.</summary>
    public ushort Port { get; init; }

    public XdpMode Mode { get; init; } = XdpMode.Copy;

    /// <summary>Packets the kernel sends in one call (XDP_MAX_TX_SKB_BUDGET, 32 to the TX ring's size).</summary>
    public int TxBudget { get; init; } = 256;

    /// <summary>Bytes of packets in flight (SO_SNDBUFFORCE): the default of 208 KiB is about 277 small packets.</summary>
    public int SendBufferBytes { get; init; } = 16 << 20;

    /// <summary>Features to do without, as if the kernel lacked them; for tests and for operators.</summary>
    public KernelFeature Refused { get; init; }

    /// <summary>A socket that only transmits: for workers that do not receive from the device.</summary>
    public static XdpSocketOptions TransmitOnly { get; } = new() { RxEntries = 0, FillEntries = 64 };

    /// <summary>Throws when a size is not a power of two in 64..32,768 or the rings do not fit each other.</summary>
    public void Check()
    {
        CheckSize(TxEntries, nameof(TxEntries));
        CheckSize(FillEntries, nameof(FillEntries));
        CheckSize(CompletionEntries, nameof(CompletionEntries));
        if (RxEntries != 0)
            CheckSize(RxEntries, nameof(RxEntries));
        if (FillEntries < RxEntries)
            throw new ArgumentOutOfRangeException(nameof(FillEntries), FillEntries, "at least as many as the RX ring");
        if (CompletionEntries < TxEntries)
            throw new ArgumentOutOfRangeException(nameof(CompletionEntries), CompletionEntries, "at least as many as the TX ring");
    }

    private static void CheckSize(int entries, string name)
    {
        if (entries is < 64 or > 32_768 || !System.Numerics.BitOperations.IsPow2(entries))
            throw new ArgumentOutOfRangeException(name, entries, "a power of two, 64..32,768");
    }
}
