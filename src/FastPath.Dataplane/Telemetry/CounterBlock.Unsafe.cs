using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace FastPath.Dataplane.Telemetry;

/// <summary>
/// One worker's counters in native memory. One writer; anyone may read at any time and sees each word whole, at most
/// one batch old.
/// </summary>
[PerWorker]
public sealed unsafe class CounterBlock : IDisposable
{
    private const int ReasonsMax = 256;
    private const int CountersMax = 256;

    private readonly int _nodes;
    private ulong* _words;

    /// <param name="nodes">Nodes of the graph.</param>
    public CounterBlock(int nodes)
    {
        _nodes = nodes;
        nuint bytes = (nuint)(WordsOf(nodes) * sizeof(ulong));
        _words = (ulong*)NativeMemory.AlignedAlloc(bytes, 128);
        NativeMemory.Clear(_words, bytes);
    }

    // SAFETY: enums of one byte index 256 words each, and node numbers are checked, so every reference is inside.

    /// <summary>The worker's own counter.</summary>
    public ref ulong this[Counter counter] => ref _words[(int)counter];

    /// <summary>Packets a node handled.</summary>
    public ref ulong Handled(int node) => ref _words[CountersMax + Checked(node)];

    /// <summary>Packets a node dropped for a reason.</summary>
    public ref ulong Drops(int node, DropReason reason) =>
        ref _words[CountersMax + _nodes + (Checked(node) * ReasonsMax) + (int)reason];

    /// <summary>A counter as another thread sees it.</summary>
    public ulong Read(Counter counter) => Volatile.Read(ref this[counter]);

    public ulong ReadHandled(int node) => Volatile.Read(ref Handled(node));

    public ulong ReadDrops(int node, DropReason reason) => Volatile.Read(ref Drops(node, reason));

    public void Dispose()
    {
        NativeMemory.AlignedFree(_words);
        _words = null;
    }

    private static int WordsOf(int nodes) => CountersMax + nodes + (nodes * ReasonsMax);

    private int Checked(int node)
    {
        if ((uint)node >= (uint)_nodes)
            Throw();
        return node;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Throw() => throw new ArgumentOutOfRangeException("node");
}
