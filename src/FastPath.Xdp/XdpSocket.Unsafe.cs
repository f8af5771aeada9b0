using System;
using System.Threading;
using FastPath.Xdp.Interop;
using Tmds.Linux;

namespace FastPath.Xdp;

/// <summary>
/// One AF_XDP socket: the four rings of one (device, queue) and the calls that move them. Opened by the control plane,
/// then used by one worker.
/// </summary>
/// <remarks>The device is looked up in the network namespace of the thread that opens the socket (net/xdp/xsk.c).</remarks>
[PerWorker]
public sealed unsafe class XdpSocket : IDisposable
{
    private const int SO_SNDBUFFORCE = 32;
    private const int BindAttempts = 8;

    private readonly RingMapping _rx;
    private readonly RingMapping _tx;
    private readonly RingMapping _fill;
    private readonly RingMapping _completion;
    private bool _disposed;

    private XdpSocket(int descriptor, Umem umem, XdpSocketOptions options)
    {
        Descriptor = descriptor;
        Umem = umem;
        Options = options;
        int result = Sys.GetOption(descriptor, XdpAbi.SOL_XDP, XdpAbi.XDP_MMAP_OFFSETS, out XdpMmapOffsets offsets);
        if (result != 0)
            throw new XdpException("XDP_MMAP_OFFSETS", -result);

        _rx = new RingMapping(descriptor, XdpAbi.XDP_PGOFF_RX_RING, offsets.Rx, options.RxEntries, 16);
        _tx = new RingMapping(descriptor, XdpAbi.XDP_PGOFF_TX_RING, offsets.Tx, options.TxEntries, 16);
        _fill = new RingMapping(descriptor, XdpAbi.XDP_UMEM_PGOFF_FILL_RING, offsets.Fill, options.FillEntries, 8);
        _completion = new RingMapping(descriptor, XdpAbi.XDP_UMEM_PGOFF_COMPLETION_RING, offsets.Completion,
            options.CompletionEntries, 8);
        Rx = new RxRing(_rx);
        Tx = new TxRing(_tx);
        Fill = new FillRing(_fill);
        Completion = new CompletionRing(_completion);
    }

    public int Descriptor { get; }

    public Umem Umem { get; }

    public XdpSocketOptions Options { get; }

    public RxRing Rx { get; }

    public TxRing Tx { get; }

    public FillRing Fill { get; }

    public CompletionRing Completion { get; }

    /// <summary>Features the kernel granted to this socket.</summary>
    public KernelFeature Granted { get; private set; }

    /// <summary>Whether the kernel bound the socket without copying (XDP_OPTIONS).</summary>
    public bool IsZeroCopy { get; private set; }

    /// <summary>
    /// Opens the first socket of a UMEM: registers the memory and binds. Whoever shares the UMEM later inherits what is
    /// granted here (multi-buffer, need-wakeup, TX metadata).
    /// </summary>
    /// <exception cref="XdpException">EBUSY when the queue belongs to another UMEM.</exception>
    public static XdpSocket OpenFirst(Umem umem, int ifIndex, int queue, XdpSocketOptions options)
    {
        int descriptor = Sys.Socket(XdpAbi.AF_XDP, LibC.SOCK_RAW, 0);
        XdpSocket? socket = null;
        try
        {
            KernelFeature granted = Register(descriptor, umem, options.Refused);
            SizeRings(descriptor, options);
            socket = new(descriptor, umem, options);
            socket.Granted = granted | BindFirst(descriptor, ifIndex, queue, options);
            socket.Tune();
            return socket;
        }
        catch
        {
            socket?.Unmap();
            Sys.Close(descriptor);
            throw;
        }
    }

    /// <summary>Opens a socket on another (device, queue) that shares the UMEM of a socket that is still bound.</summary>
    public static XdpSocket OpenShared(XdpSocket first, int ifIndex, int queue, XdpSocketOptions options)
    {
        int descriptor = Sys.Socket(XdpAbi.AF_XDP, LibC.SOCK_RAW, 0);
        XdpSocket? socket = null;
        try
        {
            SizeRings(descriptor, options);
            socket = new(descriptor, first.Umem, options);
            // Any other flag with XDP_SHARED_UMEM is EINVAL: mode, need-wakeup and multi-buffer come from the first socket.
            Bind(descriptor, ifIndex, queue, XdpAbi.XDP_SHARED_UMEM, first.Descriptor);
            socket.Granted = first.Granted;
            socket.Tune();
            return socket;
        }
        catch
        {
            socket?.Unmap();
            Sys.Close(descriptor);
            throw;
        }
    }

    /// <summary>Maps the rings of a socket that another process opened and bound. Nothing is changed in the kernel.</summary>
    public static XdpSocket Adopt(int descriptor, Umem umem, XdpSocketOptions options, KernelFeature granted)
    {
        XdpSocket socket = new(descriptor, umem, options) { Granted = granted };
        socket.ReadMode();
        return socket;
    }

    /// <summary>Asks the kernel to send what is in the TX ring. One system call; never blocks.</summary>
    public KickResult Kick() => Sys.Kick(Descriptor) switch
    {
        >= 0 => KickResult.Done,
        -11 => KickResult.Again,
        -16 => KickResult.Dropped,
        -105 => KickResult.NoMemory,
        -100 => KickResult.DeviceDown,
        -6 or -9 => KickResult.Unbound,
        -4 => KickResult.Interrupted,
        _ => KickResult.Unexpected,
    };

    /// <summary>Wakes a sleeping zero-copy driver for receive.</summary>
    public void WakeReceive() => _ = Sys.WakeReceive(Descriptor);

    /// <summary>What the kernel lost on this socket; false when the kernel does not say.</summary>
    public bool TryStatistics(out XdpStatistics statistics)
    {
        statistics = default;
        return !Options.Refused.HasFlag(KernelFeature.Statistics)
            && Sys.GetOption(Descriptor, XdpAbi.SOL_XDP, XdpAbi.XDP_STATISTICS, out statistics) == 0;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Unmap();
        Sys.Close(Descriptor);
    }

    private void Unmap()
    {
        _rx.Dispose();
        _tx.Dispose();
        _fill.Dispose();
        _completion.Dispose();
    }

    private static KernelFeature Register(int descriptor, Umem umem, KernelFeature refused)
    {
        KernelFeature unaligned = umem.Options.IsAligned ? KernelFeature.None : KernelFeature.UnalignedChunks;
        foreach (KernelFeature optional in new[] { KernelFeature.TxMetadata, KernelFeature.None })
        {
            KernelFeature wanted = unaligned | optional;
            if ((wanted & refused) != 0)
                continue;
            int result = TryRegister(descriptor, umem, wanted);
            if (result == 0)
                return wanted;
            if (result != -22)
                throw new XdpException("registering packet memory with the kernel (RLIMIT_MEMLOCK, CAP_IPC_LOCK?)", -result);
        }

        throw new XdpException($"the kernel refuses chunks of {umem.ChunkBytes} bytes", 22);
    }

    private static int TryRegister(int descriptor, Umem umem, KernelFeature wanted)
    {
        bool metadata = wanted.HasFlag(KernelFeature.TxMetadata);
        XdpUmemReg registration = new()
        {
            Address = (ulong)umem.ChunkArea,
            Length = (ulong)umem.Options.ChunkArea,
            ChunkSize = (uint)umem.ChunkBytes,
            Headroom = 0,
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
        SetRing(descriptor, XdpAbi.XDP_RX_RING, options.RxEntries, "RX");
        SetRing(descriptor, XdpAbi.XDP_TX_RING, options.TxEntries, "TX");
    }

    private static void SetRing(int descriptor, int option, int entries, string name)
    {
        int result = Sys.SetOption(descriptor, XdpAbi.SOL_XDP, option, entries);
        if (result != 0)
            throw new XdpException($"sizing the {name} ring to {entries} entries (a power of two?)", -result);
    }

    private static KernelFeature BindFirst(int descriptor, int ifIndex, int queue, XdpSocketOptions options)
    {
        ushort mode = options.Mode switch
        {
            XdpMode.Copy => XdpAbi.XDP_COPY,
            XdpMode.ZeroCopy => XdpAbi.XDP_ZEROCOPY,
            _ => 0,
        };
        ReadOnlySpan<KernelFeature> attempts =
        [
            KernelFeature.MultiBuffer | KernelFeature.NeedWakeup,
            KernelFeature.NeedWakeup,
            KernelFeature.MultiBuffer,
            KernelFeature.None,
        ];
        XdpException? last = null;
        foreach (KernelFeature attempt in attempts)
        {
            if ((attempt & options.Refused) != 0)
                continue;
            ushort flags = (ushort)(mode
                | (attempt.HasFlag(KernelFeature.MultiBuffer) ? XdpAbi.XDP_USE_SG : 0)
                | (attempt.HasFlag(KernelFeature.NeedWakeup) ? XdpAbi.XDP_USE_NEED_WAKEUP : 0));
            try
            {
                Bind(descriptor, ifIndex, queue, flags, sharedDescriptor: 0);
                return attempt;
            }
            catch (XdpException e) when (e.Errno is 22 or 95) // EINVAL, EOPNOTSUPP: ask for less
            {
                last = e;
            }
        }

        throw last!;
    }

    private static void Bind(int descriptor, int ifIndex, int queue, ushort flags, int sharedDescriptor)
    {
        SockaddrXdp address = new()
        {
            Family = XdpAbi.AF_XDP,
            Flags = flags,
            IfIndex = (uint)ifIndex,
            QueueId = (uint)queue,
            SharedUmemFd = (uint)sharedDescriptor,
        };
        for (int attempt = 0; ; attempt++)
        {
            int result = Sys.Bind(descriptor, address);
            if (result == 0)
                return;
            // The kernel frees the queue of a closed socket later, from a work queue: EBUSY soon after a close passes.
            // The anchor looks for a free queue itself, so only shared sockets wait here.
            if (result != -16 || flags != XdpAbi.XDP_SHARED_UMEM || attempt == BindAttempts)
                throw new XdpException($"binding AF_XDP to interface {ifIndex} queue {queue}", -result);
            Thread.Sleep(5 << attempt);
        }
    }

    private void Tune()
    {
        ReadMode();
        if (!Options.Refused.HasFlag(KernelFeature.SendBufferForce)
            && Sys.SetOption(Descriptor, LibC.SOL_SOCKET, SO_SNDBUFFORCE, Options.SendBufferBytes) == 0)
            Granted |= KernelFeature.SendBufferForce;
        else
            _ = Sys.SetOption(Descriptor, LibC.SOL_SOCKET, LibC.SO_SNDBUF, Options.SendBufferBytes);

        int budget = Math.Clamp(Options.TxBudget, 32, Options.TxEntries);
        if (!Options.Refused.HasFlag(KernelFeature.TxBudget)
            && Sys.SetOption(Descriptor, XdpAbi.SOL_XDP, XdpAbi.XDP_MAX_TX_SKB_BUDGET, budget) == 0)
            Granted |= KernelFeature.TxBudget;
        if (!Options.Refused.HasFlag(KernelFeature.Statistics) && TryStatistics(out _))
            Granted |= KernelFeature.Statistics;
    }

    private void ReadMode() =>
        IsZeroCopy = Sys.GetOption(Descriptor, XdpAbi.SOL_XDP, XdpAbi.XDP_OPTIONS, out uint options) == 0
            && (options & XdpAbi.XDP_OPTIONS_ZEROCOPY) != 0;
}
