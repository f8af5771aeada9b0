using System;
using Tmds.Linux;

namespace FastPath.Xdp;

/// <summary>Pins threads to processors.</summary>
[Control]
public static class CpuAffinity
{
    /// <summary>Pins the calling thread. Never the main thread: .NET gives its mask to every new thread.</summary>
    public static unsafe void PinCurrentThread(int processor)
    {
        const int Words = 16; // cpu_set_t is 1,024 bits
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)processor, (uint)(Words * 64));
        ulong* mask = stackalloc ulong[Words];
        mask[processor / 64] = 1UL << (processor % 64);
        // SAFETY: the kernel reads the bytes of the local mask only.
        if (LibC.sched_setaffinity(0, (size_t)(ulong)(Words * sizeof(ulong)), (cpu_set_t*)mask) != 0)
            throw new XdpException($"pinning a worker to processor {processor}", LibC.errno);
    }
}
