using System;
using System.Threading;
using FastPath.Xdp.Interop;
using Tmds.Linux;

namespace FastPath.Xdp;

/// <summary>From a new AF_XDP descriptor to a bound one, asking for every optional feature and doing without what is refused.</summary>
// SAFETY: kernel structs are passed by value, with their size; no pointer is kept.
[Control]
internal static unsafe class SocketSetup
{
    private const int SO_COOKIE = 57;
    private const int SO_SNDBUFFORCE = 32;

    // 5 + 10 + .. + 320 ms: a closed socket's queue is free after about 20 ms, 635 ms is a queue that somebody has.
    private const int BusyAttempts = 7;
    private const int FirstWaitMs = 5;

    /// <summary>Registers (first socket of a UMEM), sizes the rings, binds and tunes. Returns what was granted.</summary>
    /// <param name="descriptor">A new socket.</param>
    /// <param name="umem">Packet memory.</param>
    /// <param name="first">The UMEM's first socket; null when this one is it.</param>
    /// <param name="ifIndex">Device.</param>
    /// <param name="queue">Its queue.</param>
    /// <param name="options">Sizes and features to do without.</param>
    public static KernelFeature Bind(int descriptor, Umem umem, XdpSocket? first, int ifIndex, int queue, XdpSocketOptions options)
    {
        KernelFeature granted = first == null ? Register(descriptor, umem, options.Refused) : Inherited(first);
        SizeRings(descriptor, options);
        if (first == null)
            granted |= BindFirst(descriptor, ifIndex, queue, options);
        else
            BindShared(descriptor, ifIndex, queue, first.Descriptor);
        return granted | Tune(descriptor, options);
    }

    /// <summary>A number that no other socket of this kernel has.</summary>
    public static ulong Cookie(int descriptor) =>
        Sys.GetOption(descriptor, LibC.SOL_SOCKET, SO_COOKIE, out ulong cookie) == 0 ? cookie : 0;

    public static bool IsZeroCopy(int descriptor) =>
        Sys.GetOption(descriptor, XdpAbi.SOL_XDP, XdpAbi.XDP_OPTIONS, out uint options) == 0
        && (options & XdpAbi.XDP_OPTIONS_ZEROCOPY) != 0;

    private static KernelFeature Inherited(XdpSocket first) => first.Granted & (KernelFeature.UnalignedChunks
        | KernelFeature.TxMetadata | KernelFeature.MultiBuffer | KernelFeature.NeedWakeup | KernelFeature.ZeroCopy);

    private static KernelFeature Register(int descriptor, Umem umem, KernelFeature refused)
    {
        KernelFeature chunks = umem.Options.IsAligned ? KernelFeature.None : KernelFeature.UnalignedChunks;
        if ((chunks & refused) != 0)
            throw new XdpException($"registering chunks of {umem.ChunkBytes} bytes without unaligned mode", Errno.EINVAL);
        int result = -Errno.EINVAL;
        if (!refused.HasFlag(KernelFeature.TxMetadata))
            result = TryRegister(descriptor, umem, chunks | KernelFeature.TxMetadata);
        if (result == 0)
            return chunks | KernelFeature.TxMetadata;
        if (result == -Errno.EINVAL) // a kernel before 6.8 does not know the flag
            result = TryRegister(descriptor, umem, chunks);
        return result == 0 ? chunks : throw new XdpException(
            $"registering {umem.Options.ChunkArea >> 20} MiB of packet memory (locked memory limit? unaligned chunks?)", -result);
    }

    private static int TryRegister(int descriptor, Umem umem, KernelFeature wanted)
    {
        bool metadata = wanted.HasFlag(KernelFeature.TxMetadata);
        XdpUmemReg registration = new()
        {
            Address = (ulong)umem.ChunkArea,
            Length = (ulong)umem.Options.ChunkArea,
            ChunkSize = (uint)umem.ChunkBytes,
            Headroom = 0, // the kernel's own 256 bytes carry encapsulation and metadata
            Flags = (wanted.HasFlag(KernelFeature.UnalignedChunks) ? XdpAbi.XDP_UMEM_UNALIGNED_CHUNK_FLAG : 0)
                | (metadata ? XdpAbi.XDP_UMEM_TX_METADATA_LEN : 0),
            TxMetadataLength = metadata ? (uint)sizeof(XdpTxMetadata) : 0,
        };
        return Sys.SetOption(descriptor, XdpAbi.SOL_XDP, XdpAbi.XDP_UMEM_REG, registration);
    }

    private static void SizeRings(int descriptor, XdpSocketOptions options)
    {
        SetRing(descriptor, XdpAbi.XDP_UMEM_FILL_RING, options.FillEntries, "fill");
        SetRing(descriptor, XdpAbi.XDP_UMEM_COMPLETION_RING, options.CompletionEntries, "completion");
        if (options.RxEntries != 0)
            SetRing(descriptor, XdpAbi.XDP_RX_RING, options.RxEntries, "RX");
        SetRing(descriptor, XdpAbi.XDP_TX_RING, options.TxEntries, "TX");
    }

    private static void SetRing(int descriptor, int option, int entries, string name)
    {
        int result = Sys.SetOption(descriptor, XdpAbi.SOL_XDP, option, entries);
        if (result != 0)
            throw new XdpException($"sizing the {name} ring to {entries} entries", -result);
    }

    /// <summary>Binds with the most features that the kernel accepts, in the order of what they are worth.</summary>
    private static KernelFeature BindFirst(int descriptor, int ifIndex, int queue, XdpSocketOptions options)
    {
        KernelFeature refused = options.Refused
            | (options.Mode == XdpMode.Copy ? KernelFeature.ZeroCopy : KernelFeature.None);
        int result = -Errno.EINVAL;
        for (int attempt = 7; attempt >= 0; attempt--)
        {
            KernelFeature wanted = ((attempt & 4) != 0 ? KernelFeature.ZeroCopy : 0)
                | ((attempt & 2) != 0 ? KernelFeature.MultiBuffer : 0)
                | ((attempt & 1) != 0 ? KernelFeature.NeedWakeup : 0);
            if ((wanted & refused) != 0)
                continue;
            result = TryBind(descriptor, ifIndex, queue, Flags(wanted), sharedDescriptor: 0);
            if (result == 0)
                return wanted;
            if (result is not (-Errno.EINVAL or -Errno.EOPNOTSUPP)) // these two ask for less
                break;
        }

        throw BindFailed(ifIndex, queue, result);
    }

    private static ushort Flags(KernelFeature wanted) => (ushort)(
        (wanted.HasFlag(KernelFeature.ZeroCopy) ? XdpAbi.XDP_ZEROCOPY : XdpAbi.XDP_COPY)
        | (wanted.HasFlag(KernelFeature.MultiBuffer) ? XdpAbi.XDP_USE_SG : 0)
        | (wanted.HasFlag(KernelFeature.NeedWakeup) ? XdpAbi.XDP_USE_NEED_WAKEUP : 0));

    /// <summary>
    /// Any other flag with XDP_SHARED_UMEM is EINVAL: mode, need-wakeup and multi-buffer come from the first socket. The
    /// kernel frees the queue of a closed socket later, from a work queue, so EBUSY is waited out for a while.
    /// </summary>
    private static void BindShared(int descriptor, int ifIndex, int queue, int firstDescriptor)
    {
        int result = TryBind(descriptor, ifIndex, queue, XdpAbi.XDP_SHARED_UMEM, firstDescriptor);
        for (int attempt = 0; result == -Errno.EBUSY && attempt < BusyAttempts; attempt++)
        {
            Thread.Sleep(FirstWaitMs << attempt);
            result = TryBind(descriptor, ifIndex, queue, XdpAbi.XDP_SHARED_UMEM, firstDescriptor);
        }

        if (result != 0)
            throw BindFailed(ifIndex, queue, result);
    }

    private static int TryBind(int descriptor, int ifIndex, int queue, ushort flags, int sharedDescriptor) =>
        Sys.Bind(descriptor, new SockaddrXdp
        {
            Family = XdpAbi.AF_XDP,
            Flags = flags,
            IfIndex = (uint)ifIndex,
            QueueId = (uint)queue,
            SharedUmemFd = (uint)sharedDescriptor,
        });

    private static XdpException BindFailed(int ifIndex, int queue, int result) =>
        new($"binding AF_XDP to interface {ifIndex} queue {queue}", -result);

    private static KernelFeature Tune(int descriptor, XdpSocketOptions options)
    {
        KernelFeature granted = KernelFeature.None;
        if (!options.Refused.HasFlag(KernelFeature.SendBufferForce)
            && Sys.SetOption(descriptor, LibC.SOL_SOCKET, SO_SNDBUFFORCE, options.SendBufferBytes) == 0)
            granted |= KernelFeature.SendBufferForce;
        else
            _ = Sys.SetOption(descriptor, LibC.SOL_SOCKET, LibC.SO_SNDBUF, options.SendBufferBytes);

        int budget = Math.Clamp(options.TxBudget, 32, options.TxEntries);
        if (!options.Refused.HasFlag(KernelFeature.TxBudget)
            && Sys.SetOption(descriptor, XdpAbi.SOL_XDP, XdpAbi.XDP_MAX_TX_SKB_BUDGET, budget) == 0)
            granted |= KernelFeature.TxBudget;
        if (!options.Refused.HasFlag(KernelFeature.Statistics)
            && Sys.GetOption(descriptor, XdpAbi.SOL_XDP, XdpAbi.XDP_STATISTICS, out XdpStatistics _) == 0)
            granted |= KernelFeature.Statistics;
        return granted;
    }
}
