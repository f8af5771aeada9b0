using FastPath.Xdp.Interop;

namespace FastPath.Xdp;

/// <summary>Transparent huge pages for memory of this process.</summary>
[Control]
public static unsafe class HugePages
{
    private const int MADV_HUGEPAGE = 14;

    /// <summary>Asks for huge pages before the memory is first touched; nothing happens where the kernel has none.</summary>
    // SAFETY: advice changes no byte; the kernel checks the range.
    public static void Advise(void* memory, long bytes) => Sys.Advise(memory, bytes, MADV_HUGEPAGE);
}
