using System.Runtime.InteropServices;

namespace FastPath.Xdp;

/// <summary>struct xdp_statistics: what the kernel lost or refused on one socket. Packets, since the socket was made.</summary>
[Shared]
[StructLayout(LayoutKind.Sequential)]
public struct XdpStatistics
{
    /// <summary>
    /// Dropped because the fill ring was empty, which is how a worker that is too slow shows, or the frame was too large for
    /// the socket.
    /// </summary>
    public ulong RxDropped;

    /// <summary>Fill ring addresses the kernel refused.</summary>
    public ulong RxInvalidDescriptors;

    /// <summary>TX descriptors the kernel refused: a bug of ours.</summary>
    public ulong TxInvalidDescriptors;

    /// <summary>Dropped because the RX ring was full.</summary>
    public ulong RxRingFull;

    /// <summary>Times the kernel found the fill ring empty; in copy mode a packet dropped each time (RxDropped).</summary>
    public ulong RxFillRingEmpty;

    /// <summary>Times the kernel found the TX ring empty.</summary>
    public ulong TxRingEmpty;
}
