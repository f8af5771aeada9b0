using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using FastPath.Xdp;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// Asks the processor for a line that a later node will read. Does nothing where there is no such instruction.
/// </summary>
[Shared]
internal static unsafe class Prefetch
{
    // perf: one instruction in the receive loop (Benchmarks: GraphBenchmark).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(FrameAddress frame, int offset)
    {
        // SAFETY: a prefetch reads nothing the program can see and does not fault.
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref FrameSpace.At(frame, offset)));
    }
}
