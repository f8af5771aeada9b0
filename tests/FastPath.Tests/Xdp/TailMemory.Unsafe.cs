using System;
using System.Runtime.InteropServices;
using FastPath.Xdp;

namespace FastPath.Tests.Xdp;

/// <summary>The word that outlives a TX ring's process.</summary>
internal sealed unsafe class TailMemory : IDisposable
{
    private readonly uint* _tail = (uint*)NativeMemory.AllocZeroed(sizeof(uint));

    public uint Value
    {
        get => *_tail;
        set => *_tail = value;
    }

    public TxRing Open(RingMemory memory) => new(memory.Map(), _tail);

    public void Dispose() => NativeMemory.Free(_tail);
}
