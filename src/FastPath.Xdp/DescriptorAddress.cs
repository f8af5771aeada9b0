using System.Runtime.CompilerServices;

namespace FastPath.Xdp;

/// <summary>
/// How descriptors name bytes of a UMEM. Aligned chunks: chunk and offset in one number. Unaligned chunks: the chunk in the
/// low 48 bits, the offset inside it in the high 16 (Documentation/networking/af_xdp.rst).
/// </summary>
[Shared]
public readonly struct DescriptorAddress(Umem umem, KernelFeature granted)
{
    private const int UnalignedShift = Interop.XdpAbi.UnalignedOffsetShift;
    private readonly bool _unaligned = granted.HasFlag(KernelFeature.UnalignedChunks);
    private readonly ulong _area = (ulong)umem.Options.ChunkArea;

    /// <summary>Bits by which an offset is shifted before it is added to a chunk's address.</summary>
    public int OffsetShift => _unaligned ? UnalignedShift : 0;

    /// <summary>Address of the byte at an offset in a chunk.</summary>
    public ulong Of(FrameAddress chunk, int offset) => chunk.Offset + ((ulong)(uint)offset << OffsetShift);

    /// <summary>Finds the chunk that the kernel names; false for an address that is none of this UMEM's.</summary>
    // perf: once for each received chunk (Benchmarks: GraphBenchmark).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFind(ulong address, out FrameAddress chunk, out ushort offset)
    {
        ulong start = _unaligned ? address & ((1UL << UnalignedShift) - 1) : address;
        offset = (ushort)(address >> UnalignedShift);
        if (start >= _area)
        {
            chunk = default;
            return false;
        }

        uint index = umem.IndexOf(new FrameAddress(start));
        chunk = umem.At(index);
        if (_unaligned)
            return chunk.Offset == start;
        offset = (ushort)(start - chunk.Offset);
        return true;
    }
}
