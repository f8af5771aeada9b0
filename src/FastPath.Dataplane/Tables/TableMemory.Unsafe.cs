using System.Runtime.InteropServices;
using FastPath.Xdp;

namespace FastPath.Dataplane.Tables;

/// <summary>
/// Native memory of tables, zeroed. Large ones ask for huge pages: a look-up in a table of a few megabytes otherwise
/// costs a miss in the first TLB each time. Without huge pages they work all the same.
/// </summary>
[Control]
internal static unsafe class TableMemory
{
    private const nuint HugePage = 2 << 20;

    public static void* Allocate(nuint bytes)
    {
        // Rounded up, so that the last page is a huge one, too; small tables stay on small pages.
        bool isLarge = bytes >= HugePage / 4;
        if (isLarge)
            bytes = (bytes + HugePage - 1) / HugePage * HugePage;
        // SAFETY: what is advised and cleared is exactly what was allocated.
        void* memory = NativeMemory.AlignedAlloc(bytes, isLarge ? HugePage : 128);
        if (isLarge)
            HugePages.Advise(memory, (long)bytes);
        NativeMemory.Clear(memory, bytes);
        return memory;
    }

    public static void Free(void* memory) => NativeMemory.AlignedFree(memory);
}
