using System.Runtime.InteropServices;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp;

/// <summary>Writes struct xsk_tx_metadata in front of a packet (Documentation/networking/xsk-tx-metadata.rst).</summary>
// SAFETY: only sizeof is unsafe here; the bytes are a checked span of the chunk.
[PerWorker]
public static class TransmitMetadata
{
    /// <summary>
    /// Asks the kernel to complete a checksum, or to hand the packet on as one to be completed: the field holds the
    /// pseudo-header's sum. The descriptor must carry XDP_TX_METADATA.
    /// </summary>
    /// <param name="umem">The packet's memory, registered with TX metadata.</param>
    /// <param name="chunk">Its first chunk.</param>
    /// <param name="offset">Where the packet starts in it; 24 bytes before it are free.</param>
    /// <param name="start">Bytes from the packet's start to the checksummed part.</param>
    /// <param name="field">Bytes from there to the checksum field.</param>
    public static unsafe void RequestChecksum(Umem umem, FrameAddress chunk, int offset, int start, int field)
    {
        var bytes = umem.Bytes(chunk, offset - sizeof(XdpTxMetadata), sizeof(XdpTxMetadata));
        MemoryMarshal.Write(bytes, new XdpTxMetadata
        {
            Flags = XdpAbi.XDP_TXMD_FLAGS_CHECKSUM,
            ChecksumStart = (ushort)start,
            ChecksumOffset = (ushort)field,
        });
    }
}
