using System;
using FastPath.Dataplane;
using FastPath.Dataplane.Ports;
using FastPath.Testing;
using FastPath.Xdp;

namespace FastPath.Benchmarks.Memory;

/// <summary>
/// The daemon's own <see cref="XdpPort"/> on rings in ordinary memory, whose kernel is the benchmark (MemoryKernel).
/// </summary>
/// <remarks>
/// Timed, because a port of VPP's (its input and tx nodes) does it, too: all that the port does with descriptors, packets,
/// the side table, the free list and the four rings. Also timed, to our disadvantage: the benchmark kernel's transmit half,
/// which copies the addresses of sent descriptors to the completion ring. Not timed: its receive half
/// (<see cref="Deliver"/>), which copies fresh frames into posted chunks, as a driver or generator does. There is no system
/// call.
/// </remarks>
internal sealed class BenchPort : IDisposable
{
    private const int RingEntries = FrameSet.Frames; // RX and fill: a round of frames

    private readonly MemoryKernel _kernel;

    public BenchPort(string name, int index, Umem umem)
    {
        XdpSocketOptions options = new()
        {
            RxEntries = RingEntries,
            FillEntries = RingEntries,
            TxEntries = 512,
            CompletionEntries = 512,
            Port = (ushort)index,
        };
        _kernel = new MemoryKernel(umem, options,
            KernelFeature.TxMetadata | (umem.Options.IsAligned ? KernelFeature.None : KernelFeature.UnalignedChunks));
        Port = new XdpPort(name, index, _kernel.Socket);
        Port.Prime();
    }

    public XdpPort Port { get; }

    /// <summary>Packets shown to the port for each turn of the worker, 1..64: how full batches are.</summary>
    public int BatchLimit { get; set; } = Limits.BatchPackets;

    /// <summary>Frames of the round that the port has not been shown.</summary>
    public int Arriving => _kernel.Hidden;

    /// <summary>Shows the port its next batch.</summary>
    public void ShowBatch() => _kernel.Show(BatchLimit);

    /// <summary>The kernel's receive half: copies a round of frames into the oldest posted chunks.</summary>
    public void Deliver(FrameSet frames)
    {
        for (int n = 0; n < FrameSet.Frames; n++)
            if (!_kernel.TryDeliver(frames.At(n), show: false))
                throw new InvalidOperationException($"no chunk is posted for frame {n}: the port lost chunks");
    }

    public void Dispose()
    {
        Port.Dispose();
        _kernel.Dispose();
    }
}
