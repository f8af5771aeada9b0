using System.Runtime.InteropServices;
using Tmds.Linux;

namespace FastPath.Xdp;

/// <summary>Last page of a UMEM's memory file: what a process that adopts it must know.</summary>
[StructLayout(LayoutKind.Sequential)]
[Shared]
internal struct UmemHeader
{
    private const ulong MagicValue = 0x46_50_55_4D_45_4D_00_01; // "FPUMEM", layout version 1

    private ulong _magic;
    private int _chunkCount;
    private int _chunkBytes;

    public static UmemHeader For(UmemOptions options) => new()
    {
        _magic = MagicValue,
        _chunkCount = options.ChunkCount,
        _chunkBytes = options.ChunkBytes,
    };

    /// <summary>Reads the header of a memory file; throws when it is not one of ours or of another layout.</summary>
    public static unsafe UmemHeader Read(int descriptor)
    {
        long end = LibC.lseek(descriptor, (off_t)0L, LibC.SEEK_END);
        UmemHeader header = default;
        // SAFETY: reads at most the size of the local struct.
        long read = end < 4096 ? -1 : (long)LibC.pread(descriptor, &header, (size_t)(ulong)sizeof(UmemHeader), (off_t)(end - 4096));
        if (read != sizeof(UmemHeader) || header._magic != MagicValue)
            throw new XdpException($"descriptor {descriptor} is not a UMEM file of this layout version", 0);
        return header;
    }

    public readonly UmemOptions ToOptions() => new(_chunkCount, _chunkBytes);
}
