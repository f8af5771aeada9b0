using System;
using System.Collections.Generic;
using FastPath.Xdp;
using FastPath.Xdp.Interop;

namespace FastPath.Testing;

/// <summary>
/// Plays the kernel's part of one AF_XDP socket on rings in ordinary memory, so that <see cref="XdpSocket"/> and the port on
/// it run as they are, without root, a device or a system call. For unit tests and benchmarks.
/// </summary>
/// <remarks>The rings lie in a memory file at the offsets where a socket has them; both sides map it.</remarks>
internal sealed unsafe class MemoryKernel : IDisposable
{
    private const int Headroom = XdpAbi.PacketHeadroom;

    private readonly Umem _umem;
    private readonly DescriptorAddress _address;
    private readonly RingMapping _rx;
    private readonly RingMapping _tx;
    private readonly RingMapping _fill;
    private readonly RingMapping _completion;
    private uint _filled;
    private uint _received;
    private uint _sent;
    private uint _completed;

    public MemoryKernel(Umem umem, XdpSocketOptions options, KernelFeature granted = KernelFeature.UnalignedChunks)
    {
        _umem = umem;
        _address = new DescriptorAddress(umem, granted);
        int file = Sys.MemoryFile("fastpath-rings\0"u8, XdpAbi.XDP_UMEM_PGOFF_COMPLETION_RING + (1 << 20));
        XdpMmapOffsets offsets = XdpMmapOffsets.Usual;
        _rx = new RingMapping(file, XdpAbi.XDP_PGOFF_RX_RING, offsets.Rx, options.RxEntries, 16);
        _tx = new RingMapping(file, XdpAbi.XDP_PGOFF_TX_RING, offsets.Tx, options.TxEntries, 16);
        _fill = new RingMapping(file, XdpAbi.XDP_UMEM_PGOFF_FILL_RING, offsets.Fill, options.FillEntries, 8);
        _completion = new RingMapping(file, XdpAbi.XDP_UMEM_PGOFF_COMPLETION_RING, offsets.Completion, options.CompletionEntries, 8);
        Socket = XdpSocket.OverMemory(file, umem, options, granted, Kick);
    }

    /// <summary>The socket on the other side of the rings; whoever has it disposes it.</summary>
    public XdpSocket Socket { get; }

    /// <summary>Frames that were sent, when they are wanted.</summary>
    public Queue<byte[]>? Sent { get; set; }

    /// <summary>What transmit calls return, in order, before they work; nothing is taken from the ring by those.</summary>
    public Queue<KickResult> Refusals { get; } = new();

    /// <summary>Whether completions are kept back, as by a receiver that holds packets.</summary>
    public bool KeepsCompletions { get; set; }

    /// <summary>Frames written into the RX ring and not shown yet (<see cref="Show"/>).</summary>
    public int Hidden => (int)(_received - *_rx.Producer);

    /// <summary>Puts a frame into the oldest posted chunk; false when none is posted or the RX ring is full.</summary>
    /// <param name="frame">The frame, or a piece of one.</param>
    /// <param name="show">Whether the port sees it at once.</param>
    /// <param name="isContinued">Whether the next descriptor continues the packet.</param>
    /// <param name="addressError">By how much the descriptor's address is wrong, as of a faulty kernel.</param>
    /// <param name="lengthError">The same for its length.</param>
    public bool TryDeliver(ReadOnlySpan<byte> frame, bool show = true, bool isContinued = false, ulong addressError = 0,
        uint lengthError = 0)
    {
        if (_filled == *_fill.Producer || _received - *_rx.Consumer > _rx.Mask)
            return false;
        uint chunk = (uint)((ulong*)_fill.Entries)[_filled++ & _fill.Mask];
        frame.CopyTo(_umem.Bytes(FrameAddress.At(_umem.Number, chunk), Headroom, frame.Length));
        ((XdpDescriptor*)_rx.Entries)[_received++ & _rx.Mask] = new XdpDescriptor
        {
            Address = _address.Of(FrameAddress.At(_umem.Number, chunk), Headroom) + addressError,
            Length = (uint)frame.Length + lengthError,
            Options = isContinued ? 1u : 0, // XDP_PKT_CONTD
        };
        *_fill.Consumer = _filled;
        if (show)
            Show(Hidden);
        return true;
    }

    /// <summary>Publishes so many of the frames that wait in the RX ring.</summary>
    public void Show(int count) => System.Threading.Volatile.Write(ref *_rx.Producer, *_rx.Producer + (uint)Math.Min(count, Hidden));

    /// <summary>Completes what was kept back.</summary>
    public void Complete() => System.Threading.Volatile.Write(ref *_completion.Producer, _completed);

    /// <summary>Completes an address that was never sent, as a faulty kernel would.</summary>
    public void CompleteStray(ulong address)
    {
        ((ulong*)_completion.Entries)[_completed++ & _completion.Mask] = address;
        Complete();
    }

    public void Dispose()
    {
        _rx.Dispose();
        _tx.Dispose();
        _fill.Dispose();
        _completion.Dispose();
    }

    private KickResult Kick()
    {
        if (Refusals.TryDequeue(out KickResult refusal))
            return refusal;
        uint produced = *_tx.Producer;
        XdpDescriptor* descriptors = (XdpDescriptor*)_tx.Entries;
        ulong* completions = (ulong*)_completion.Entries;
        uint txMask = _tx.Mask;
        uint completionMask = _completion.Mask;
        uint completed = _completed;
        uint sent = _sent;
        for (; sent != produced; sent++)
        {
            if (Sent != null)
                Take(descriptors[sent & txMask]);
            completions[completed++ & completionMask] = descriptors[sent & txMask].Address;
        }

        _sent = sent;
        _completed = completed;
        *_tx.Consumer = sent;
        if (!KeepsCompletions)
            Complete();
        return KickResult.Done;
    }

    private void Take(in XdpDescriptor descriptor)
    {
        if (!_address.TryFind(descriptor.Address, out FrameAddress chunk, out ushort offset))
            throw new InvalidOperationException("a TX descriptor names no chunk");
        Sent!.Enqueue(_umem.Bytes(chunk, offset, (int)descriptor.Length).ToArray());
    }
}
