using System;

namespace FastPath.Xdp;

/// <summary>Size and shape of a UMEM.</summary>
/// <param name="ChunkCount">Chunks; the kernel keeps 128 bytes for each on every (device, queue) that shares the UMEM.</param>
/// <param name="ChunkBytes">
/// Bytes a chunk, 2,048..4,096. 4,032 is 63 cache lines: with 4,096 every packet's header would fall into one cache set.
/// </param>
[Control]
public sealed record UmemOptions(int ChunkCount = 16_384, int ChunkBytes = 4_032)
{
    private const int PageBytes = 4096;

    // Above 1 GiB the reciprocal that finds a chunk's index is no longer exact.
    private const long BytesMax = 1L << 30;

    /// <summary>Bytes of the chunks themselves.</summary>
    public long ChunkArea => (long)ChunkCount * ChunkBytes;

    /// <summary>Where the side table starts in the file.</summary>
    public long TableOffset => RoundUp(ChunkArea);

    /// <summary>Where the header page starts in the file.</summary>
    public long HeaderOffset => RoundUp(TableOffset + (long)ChunkCount * 16);

    /// <summary>Bytes of the whole file.</summary>
    public long FileBytes => HeaderOffset + PageBytes;

    /// <summary>Whether chunks may be registered without the kernel's unaligned mode.</summary>
    public bool IsAligned => ChunkBytes is 2048 or 4096;

    /// <summary>Throws when a value is outside its range.</summary>
    public void Check()
    {
        if (ChunkBytes is < 2048 or > 4096 || ChunkBytes % 64 != 0)
            throw new ArgumentOutOfRangeException(nameof(ChunkBytes), ChunkBytes, "2048..4096, a multiple of 64");
        if (ChunkCount < 64 || ChunkArea > BytesMax || ChunkArea % PageBytes != 0)
            throw new ArgumentOutOfRangeException(nameof(ChunkCount), ChunkCount, "64.., whole pages, at most 1 GiB");
    }

    private static long RoundUp(long bytes) => (bytes + PageBytes - 1) / PageBytes * PageBytes;
}
