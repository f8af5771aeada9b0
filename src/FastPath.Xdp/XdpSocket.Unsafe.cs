using System;
using FastPath.Xdp.Interop;
using Tmds.Linux;

namespace FastPath.Xdp;

/// <summary>
/// One AF_XDP socket: the rings of one (device, queue) and the calls that move them. Opened by the control plane, then
/// used by one worker.
/// </summary>
/// <remarks>The device is looked up in the network namespace of the thread that opens the socket (net/xdp/xsk.c).</remarks>
// SAFETY: kernel structs are passed by value; the rings are unmapped before the socket is closed, once.
[PerWorker]
public sealed unsafe class XdpSocket : IDisposable
{
    private readonly SocketRecord* _record;
    private readonly Func<KickResult>? _memoryKernel;
    private RingMapping? _rx;
    private RingMapping? _tx;
    private RingMapping? _fill;
    private RingMapping? _completion;
    private bool _disposed;

    private XdpSocket(int descriptor, Umem umem, XdpSocketOptions options, SocketRecord* record, bool isZeroCopy,
        Func<KickResult>? memoryKernel = null)
    {
        _memoryKernel = memoryKernel;
        Descriptor = descriptor;
        Umem = umem;
        Options = options;
        _record = record;
        Granted = record->Granted;
        IfIndex = record->IfIndex;
        Queue = record->Queue;
        IsZeroCopy = isZeroCopy;
        try
        {
            MapRings();
        }
        catch
        {
            Unmap();
            throw;
        }

        Rx = _rx == null ? null : new RxRing(_rx);
        Tx = new TxRing(_tx!, &record->TxTail);
        Fill = new FillRing(_fill!);
        Completion = new CompletionRing(_completion!);
    }

    public int Descriptor { get; }

    public Umem Umem { get; }

    public XdpSocketOptions Options { get; }

    /// <summary>Device it is bound to, in the namespace where it was opened.</summary>
    public int IfIndex { get; }

    /// <summary>Queue of the device.</summary>
    public int Queue { get; }

    /// <summary>Null for a socket that only transmits.</summary>
    public RxRing? Rx { get; }

    public TxRing Tx { get; }

    public FillRing Fill { get; }

    public CompletionRing Completion { get; }

    /// <summary>The kernel's number for the socket, by which its record is found again.</summary>
    internal ulong Cookie => _record->Cookie;

    /// <summary>Features the kernel granted to this socket.</summary>
    public KernelFeature Granted { get; }

    /// <summary>Whether the kernel bound the socket without copying (XDP_OPTIONS).</summary>
    public bool IsZeroCopy { get; }

    /// <summary>Chunks posted for receive and not read back, whatever the kernel has done with them.</summary>
    public int Posted => (int)(Fill.NextIndex - (Rx?.Read ?? 0));

    /// <summary>
    /// Opens the first socket of a UMEM: registers the memory and binds. Whoever shares the UMEM later inherits what is
    /// granted here (multi-buffer, need-wakeup, TX metadata).
    /// </summary>
    /// <exception cref="XdpException">EBUSY when the queue belongs to another UMEM.</exception>
    public static XdpSocket OpenFirst(Umem umem, int ifIndex, int queue, XdpSocketOptions options) =>
        Open(umem, null, ifIndex, queue, options);

    /// <summary>Opens a socket on another (device, queue) that shares the UMEM of a socket that is still bound.</summary>
    /// <exception cref="XdpException">
    /// EBADF when the device of <paramref name="first"/> is gone; EINVAL when there is no such queue; EBUSY when it
    /// belongs to another socket for longer than the kernel needs to let go of a closed one.
    /// </exception>
    public static XdpSocket OpenShared(XdpSocket first, int ifIndex, int queue, XdpSocketOptions options) =>
        Open(first.Umem, first, ifIndex, queue, options);

    /// <summary>Whether a descriptor is a socket that shares a UMEM, by the UMEM's records.</summary>
    public static bool IsOf(int descriptor, Umem umem) =>
        SocketSetup.Cookie(descriptor) is not 0 and ulong cookie && umem.Records.Find(cookie) != null;

    /// <summary>
    /// Maps the rings of a socket that another process opened and bound; nothing changes in the kernel. The UMEM's memory
    /// file has its record.
    /// </summary>
    public static XdpSocket Adopt(int descriptor, Umem umem)
    {
        SocketRecord* record = umem.Records.Find(SocketSetup.Cookie(descriptor));
        return record != null
            ? new XdpSocket(descriptor, umem, record->ToOptions(), record, SocketSetup.IsZeroCopy(descriptor))
            : throw new XdpException($"descriptor {descriptor} is not a socket of this UMEM", 0);
    }

    /// <summary>
    /// A socket whose kernel is the caller: the rings lie in a memory file at the kernel's offsets. For tests and benchmarks.
    /// </summary>
    internal static XdpSocket OverMemory(int file, Umem umem, XdpSocketOptions options, KernelFeature granted, Func<KickResult> kernel)
    {
        options.Check();
        SocketRecord wanted = SocketRecord.For(options);
        wanted.Granted = granted;
        return new XdpSocket(file, umem, options, umem.Records.Claim(wanted, (1UL << 63) | (uint)file), isZeroCopy: false, kernel);
    }

    /// <summary>Asks the kernel to send what is in the TX ring. One system call; never blocks.</summary>
    public KickResult Kick() => _memoryKernel == null ? ResultOf(Sys.Kick(Descriptor)) : _memoryKernel();

    private static KickResult ResultOf(int result) => result switch
    {
        >= 0 => KickResult.Done,
        -Errno.EAGAIN => KickResult.Again,
        -Errno.EBUSY => KickResult.Dropped,
        -Errno.ENOBUFS => KickResult.NoMemory,
        -Errno.ENETDOWN => KickResult.DeviceDown,
        -Errno.ENXIO or -Errno.EBADF => KickResult.Unbound,
        -Errno.EINTR => KickResult.Interrupted,
        _ => KickResult.Unexpected,
    };

    /// <summary>Wakes a sleeping zero-copy driver for receive.</summary>
    public void WakeReceive() => _ = Sys.WakeReceive(Descriptor);

    /// <summary>What the kernel lost on this socket; false when the kernel does not say.</summary>
    public bool TryStatistics(out XdpStatistics statistics)
    {
        statistics = default;
        return Granted.HasFlag(KernelFeature.Statistics)
            && Sys.GetOption(Descriptor, XdpAbi.SOL_XDP, XdpAbi.XDP_STATISTICS, out statistics) == 0;
    }

    /// <summary>
    /// Unmaps the rings and closes: the kernel then writes no chunk of this socket any more, when nobody else holds its
    /// descriptor. Takes milliseconds (the kernel waits for its receivers), so never on a worker.
    /// </summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Unmap();
        _record->Cookie = 0;
        Sys.Close(Descriptor);
    }

    private static XdpSocket Open(Umem umem, XdpSocket? first, int ifIndex, int queue, XdpSocketOptions options)
    {
        options.Check();
        int descriptor = Sys.Socket(XdpAbi.AF_XDP, LibC.SOCK_RAW, 0);
        SocketRecord* record = null;
        try
        {
            SocketRecord wanted = SocketRecord.For(options);
            wanted.IfIndex = ifIndex;
            wanted.Queue = (ushort)queue;
            wanted.Granted = SocketSetup.Bind(descriptor, umem, first, ifIndex, queue, options);
            record = umem.Records.Claim(wanted, SocketSetup.Cookie(descriptor));
            return new XdpSocket(descriptor, umem, options, record, SocketSetup.IsZeroCopy(descriptor));
        }
        catch
        {
            if (record != null)
                record->Cookie = 0;
            Sys.Close(descriptor);
            throw;
        }
    }

    private void MapRings()
    {
        XdpMmapOffsets offsets = XdpMmapOffsets.Usual;
        int result = _memoryKernel != null
            ? 0
            : Sys.GetOption(Descriptor, XdpAbi.SOL_XDP, XdpAbi.XDP_MMAP_OFFSETS, out offsets);
        if (result != 0)
            throw new XdpException("XDP_MMAP_OFFSETS", -result);
        if (Options.RxEntries != 0)
            _rx = new RingMapping(Descriptor, XdpAbi.XDP_PGOFF_RX_RING, offsets.Rx, Options.RxEntries, 16);
        _tx = new RingMapping(Descriptor, XdpAbi.XDP_PGOFF_TX_RING, offsets.Tx, Options.TxEntries, 16);
        // After bind the fill and completion rings belong to the queue's pool; the socket still maps them.
        _fill = new RingMapping(Descriptor, XdpAbi.XDP_UMEM_PGOFF_FILL_RING, offsets.Fill, Options.FillEntries, 8);
        _completion = new RingMapping(Descriptor, XdpAbi.XDP_UMEM_PGOFF_COMPLETION_RING, offsets.Completion,
            Options.CompletionEntries, 8);
    }

    private void Unmap()
    {
        _rx?.Dispose();
        _tx?.Dispose();
        _fill?.Dispose();
        _completion?.Dispose();
    }
}
