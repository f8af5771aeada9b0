using System.Runtime.InteropServices;
using Tmds.Linux;

namespace FastPath.Xdp;

/// <summary>
/// Start of the last page of a UMEM's memory file: what a process that adopts it must know. The rest of the page holds
/// the records of its sockets.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
[Shared]
internal struct UmemHeader
{
    private const ulong MagicValue = 0x46_50_55_4D_45_4D_00_02; // "FPUMEM", layout version 2

    public const int PageBytes = 4096;

    /// <summary>Where the <see cref="SocketRecords"/> start in the page.</summary>
    public const int RecordsOffset = 64;

    private ulong _magic;
    private int _chunkCount;
    private int _chunkBytes;

    public static UmemHeader For(UmemOptions options) => new()
    {
        _magic = MagicValue,
        _chunkCount = options.ChunkCount,
        _chunkBytes = options.ChunkBytes,
    };

    /// <summary>Whether a descriptor is a UMEM file of this layout version.</summary>
    public static bool IsUmem(int descriptor)
    {
        try
        {
            Read(descriptor);
            return true;
        }
        catch (XdpException)
        {
            return false;
        }
    }

    /// <summary>Reads the header of a memory file; throws when it is not one of ours or of another layout.</summary>
    public static unsafe UmemHeader Read(int descriptor)
    {
        long end = LibC.lseek(descriptor, (off_t)0L, LibC.SEEK_END);
        UmemHeader header = default;
        // SAFETY: reads at most the size of the local struct.
        long read = end < PageBytes ? -1 : (long)LibC.pread(descriptor, &header, (size_t)(ulong)sizeof(UmemHeader), (off_t)(end - PageBytes));
        if (read != sizeof(UmemHeader) || header._magic != MagicValue)
            throw new XdpException($"descriptor {descriptor} is not a UMEM file of this layout version", 0);
        return header;
    }

    public readonly UmemOptions ToOptions() => new(_chunkCount, _chunkBytes);
}
