using System;

namespace FastPath.Xdp;

/// <summary>
/// Optional kernel features, each with a fallback (docs/KERNELS.md). A test refuses them one by one; status names
/// what is missing.
/// </summary>
/// <remarks>
/// Not here, because nothing works without: XDP_SHARED_UMEM over several devices (5.10), memfd_create, XSKMAP. Not here
/// either, because a refusal changes nothing that works: MAP_POPULATE (registering pins all pages anyway) and
/// MADV_DONTFORK (FastPath never forks with packet memory in use).
/// </remarks>
[Flags]
public enum KernelFeature
{
    None = 0,

    /// <summary>XDP_UMEM_UNALIGNED_CHUNK_FLAG (5.4). Without: aligned chunks of 4,096 bytes.</summary>
    UnalignedChunks = 1 << 0,

    /// <summary>XDP_UMEM_TX_METADATA_LEN (6.8). Without: partial checksums are completed in software.</summary>
    TxMetadata = 1 << 1,

    /// <summary>XDP_USE_SG (6.6). Without: frames above one chunk are dropped by the kernel; MTU is limited.</summary>
    MultiBuffer = 1 << 2,

    /// <summary>
    /// XDP_USE_NEED_WAKEUP (5.4): a zero-copy driver says that it wants to be woken for receive. Transmit kicks the kernel
    /// with and without: in copy mode it always waits for that.
    /// </summary>
    NeedWakeup = 1 << 3,

    /// <summary>XDP_MAX_TX_SKB_BUDGET (6.18). Without: one system call for each 32 packets.</summary>
    TxBudget = 1 << 4,

    /// <summary>SO_SNDBUFFORCE (needs CAP_NET_ADMIN). Without: at most net.core.wmem_max bytes in flight.</summary>
    SendBufferForce = 1 << 5,

    /// <summary>Pinning in a BPF file system. Without: a dead daemon's ports are no longer closed.</summary>
    Pinning = 1 << 6,

    /// <summary>Native (driver) XDP. Without: generic XDP, slower, TCP over veth is not reliable.</summary>
    NativeXdp = 1 << 7,

    /// <summary>epoll_pwait2 (5.11). Without: epoll_wait with milliseconds.</summary>
    EpollPwait2 = 1 << 8,

    /// <summary>Programs that accept multi-buffer packets, xdp.frags (5.18). Without: MTU at most 3,506 on veth.</summary>
    XdpFrags = 1 << 9,

    /// <summary>XDP_STATISTICS. Without: kernel-side losses are not shown.</summary>
    Statistics = 1 << 10,

    /// <summary>XDP_ZEROCOPY of the driver. Without (every veth): the kernel copies each packet.</summary>
    ZeroCopy = 1 << 11,

    /// <summary>BPF link for XDP (5.9). Without: attached by netlink, which stays attached by itself.</summary>
    BpfLink = 1 << 12,

    /// <summary>
    /// BPF links for tcx (6.6), which hold <see cref="HostFence"/>. Without: a device that goes down or up under load hands
    /// some frames to the host's stack, and the host can send by it.
    /// </summary>
    HostFence = 1 << 13,
}
