using System.Runtime.InteropServices;

namespace FastPath.Xdp;

/// <summary>One entry of an RX or TX ring: struct xdp_desc of include/uapi/linux/if_xdp.h.</summary>
[PerWorker]
[StructLayout(LayoutKind.Sequential)]
public struct XdpDescriptor
{
    /// <summary>Chunk address in the low 48 bits, offset inside the chunk in the high 16 (unaligned mode).</summary>
    public ulong Address;

    /// <summary>Bytes of the packet in this chunk.</summary>
    public uint Length;

    /// <summary>XDP_PKT_CONTD and XDP_TX_METADATA; always written, because ring slots are used again.</summary>
    public uint Options;
}
