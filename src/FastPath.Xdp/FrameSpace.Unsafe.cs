using System;
using System.Runtime.CompilerServices;
using FastPath.Xdp.Interop;
using Tmds.Linux;

namespace FastPath.Xdp;

/// <summary>
/// One reserved stretch of address space in which every UMEM has a slot of 4 GiB, so that a <see cref="FrameAddress"/>
/// becomes a reference by one addition with a constant. Reserving costs page tables only where memory is mapped.
/// </summary>
[Shared]
internal static unsafe class FrameSpace
{
    public const int UmemsMax = 256;
    private const long SlotBytes = 1L << FrameAddress.UmemShift;
    private static int ReserveFlags => LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS | LibC.MAP_NORESERVE;

    // A JIT-time constant in tier 1; that is why the space is reserved once and never moves.
    private static readonly nint s_base = Reserve();
    private static readonly bool[] s_taken = new bool[UmemsMax];

    /// <summary>Claims a free slot; throws when 256 UMEMs exist already.</summary>
    public static int Claim()
    {
        lock (s_taken)
        {
            int number = Array.IndexOf(s_taken, false);
            if (number < 0)
                throw new InvalidOperationException($"no more than {UmemsMax} UMEMs fit in one process");
            s_taken[number] = true;
            return number;
        }
    }

    /// <summary>Gives the slot back and makes its addresses unreadable again.</summary>
    public static void Release(int number)
    {
        // SAFETY: the owner of the slot has stopped using it; PROT_NONE over it turns any later use into a fault.
        Sys.Map(Slot(number), SlotBytes, LibC.PROT_NONE, ReserveFlags | LibC.MAP_FIXED, -1, 0, out _);
        lock (s_taken)
            s_taken[number] = false;
    }

    public static byte* Slot(int number) => (byte*)s_base + ((ulong)number << FrameAddress.UmemShift);

    /// <summary>The byte at <paramref name="offset"/> of the chunk. The caller guarantees that it lies in the chunk.</summary>
    // perf: one add in every header access of every node (Benchmarks: GraphBenchmark).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte At(FrameAddress frame, int offset) => ref *((byte*)s_base + frame.Value + (uint)offset);

    private static nint Reserve()
    {
        void* space = Sys.Map(null, SlotBytes * UmemsMax, LibC.PROT_NONE, ReserveFlags, -1, 0, out int errno);
        if (space == null)
            throw new XdpException("reserving 1 TiB of address space for packet memory (ulimit -v?)", errno);
        return (nint)space;
    }
}
