using System.Runtime.InteropServices;

namespace FastPath.Xdp.Interop;

/// <summary>Numbers and structs of include/uapi/linux/if_xdp.h. Sizes and offsets are checked against a C program.</summary>
internal static class XdpAbi
{
    public const int AF_XDP = 44;
    public const int SOL_XDP = 283;

    public const int XDP_MMAP_OFFSETS = 1;
    public const int XDP_RX_RING = 2;
    public const int XDP_TX_RING = 3;
    public const int XDP_UMEM_REG = 4;
    public const int XDP_UMEM_FILL_RING = 5;
    public const int XDP_UMEM_COMPLETION_RING = 6;
    public const int XDP_STATISTICS = 7;
    public const int XDP_OPTIONS = 8;
    public const int XDP_MAX_TX_SKB_BUDGET = 9;

    public const ushort XDP_SHARED_UMEM = 1 << 0;
    public const ushort XDP_COPY = 1 << 1;
    public const ushort XDP_ZEROCOPY = 1 << 2;
    public const ushort XDP_USE_NEED_WAKEUP = 1 << 3;
    public const ushort XDP_USE_SG = 1 << 4;

    public const uint XDP_UMEM_UNALIGNED_CHUNK_FLAG = 1 << 0;
    public const uint XDP_UMEM_TX_METADATA_LEN = 1 << 2;

    public const uint XDP_OPTIONS_ZEROCOPY = 1 << 0;
    public const uint XDP_RING_NEED_WAKEUP = 1 << 0;

    public const uint XDP_PKT_CONTD = 1 << 0;
    public const uint XDP_TX_METADATA = 1 << 1;
    public const ulong XDP_TXMD_FLAGS_CHECKSUM = 1 << 1;

    public const long XDP_PGOFF_RX_RING = 0;
    public const long XDP_PGOFF_TX_RING = 0x80000000;
    public const long XDP_UMEM_PGOFF_FILL_RING = 0x100000000;
    public const long XDP_UMEM_PGOFF_COMPLETION_RING = 0x180000000;

    /// <summary>In unaligned mode the high 16 bits of an address carry the offset inside the chunk.</summary>
    public const int UnalignedOffsetShift = 48;

    /// <summary>Bytes the kernel leaves free in front of a received packet (XDP_PACKET_HEADROOM).</summary>
    public const int PacketHeadroom = 256;
}

/// <summary>struct xdp_umem_reg, 32 bytes since Linux 6.8 (tx_metadata_len), 24 before.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct XdpUmemReg
{
    public ulong Address;
    public ulong Length;
    public uint ChunkSize;
    public uint Headroom;
    public uint Flags;
    public uint TxMetadataLength;
}

/// <summary>struct sockaddr_xdp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SockaddrXdp
{
    public ushort Family;
    public ushort Flags;
    public uint IfIndex;
    public uint QueueId;
    public uint SharedUmemFd;
}

/// <summary>struct xdp_ring_offset.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct XdpRingOffset
{
    public static XdpRingOffset Usual { get; } = new() { Producer = 0, Consumer = 128, Flags = 196, Descriptors = 320 };

    public ulong Producer;
    public ulong Consumer;
    public ulong Descriptors;
    public ulong Flags;
}

/// <summary>struct xdp_mmap_offsets.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct XdpMmapOffsets
{
    /// <summary>Offsets as kernels have had them since 5.4: where memory plays the kernel. A socket is always asked.</summary>
    public static XdpMmapOffsets Usual { get; } = new()
    {
        Rx = XdpRingOffset.Usual,
        Tx = XdpRingOffset.Usual,
        Fill = XdpRingOffset.Usual,
        Completion = XdpRingOffset.Usual,
    };

    public XdpRingOffset Rx;
    public XdpRingOffset Tx;
    public XdpRingOffset Fill;
    public XdpRingOffset Completion;
}

/// <summary>struct xsk_tx_metadata with its checksum request (include/uapi/linux/if_xdp.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct XdpTxMetadata
{
    public ulong Flags;
    public ushort ChecksumStart;
    public ushort ChecksumOffset;
    public uint Pad;
    public ulong LaunchTime;
}
