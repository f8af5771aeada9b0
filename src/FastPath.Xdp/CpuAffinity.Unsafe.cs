using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Tmds.Linux;

namespace FastPath.Xdp;

/// <summary>Pins threads to processors.</summary>
[Control]
public static class CpuAffinity
{
    private const int Words = 16; // cpu_set_t is 1,024 bits

    /// <summary>Pins the calling thread. Never the main thread: .NET gives its mask to every new thread.</summary>
    public static unsafe void PinCurrentThread(int processor)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)processor, (uint)(Words * 64));
        ulong* mask = stackalloc ulong[Words];
        mask[processor / 64] = 1UL << (processor % 64);
        if (!TrySet(0, mask))
            throw new XdpException($"pinning a worker to processor {processor}", LibC.errno);
    }

    /// <summary>
    /// Keeps all threads of this process, present and future, off processors that belong to workers; those pin themselves
    /// later. False when there is nothing to keep off, or no other processor.
    /// </summary>
    public static unsafe bool KeepOff(IReadOnlyList<int> processors)
    {
        ulong* mask = stackalloc ulong[Words];
        // SAFETY: the kernel writes at most the bytes of the local mask.
        if (processors.Count == 0
            || LibC.sched_getaffinity(0, (size_t)(ulong)(Words * sizeof(ulong)), (cpu_set_t*)mask) < 0)
            return false;
        foreach (int processor in processors)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)processor, (uint)(Words * 64));
            mask[processor / 64] &= ~(1UL << (processor % 64));
        }

        if (new ReadOnlySpan<ulong>(mask, Words).IndexOfAnyExcept(0UL) < 0)
            return false;
        foreach (string thread in Directory.GetDirectories("/proc/self/task"))
            _ = TrySet(int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), mask); // one may have ended
        return true;
    }

    // SAFETY: the kernel reads the bytes of the mask only; callers pass all words.
    private static unsafe bool TrySet(int thread, ulong* mask) =>
        LibC.sched_setaffinity(thread, (size_t)(ulong)(Words * sizeof(ulong)), (cpu_set_t*)mask) == 0;
}
