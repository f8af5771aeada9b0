using System.Runtime.InteropServices;

namespace FastPath.Xdp;

/// <summary>Who holds a chunk. Exactly one answer at any time; the free list is rebuilt from it after a restart.</summary>
public enum FrameOwner : byte
{
    /// <summary>On the UMEM's free list.</summary>
    Free = 0,

    /// <summary>Posted to a fill ring, or filled by the kernel and not read yet.</summary>
    Receive = 1,

    /// <summary>In the batch a worker is walking, or staged for transmit.</summary>
    Batch = 2,

    /// <summary>In a worker's hold queue (neighbour resolution, reassembly, shaper).</summary>
    Held = 3,

    /// <summary>Given to a TX ring and not completed yet.</summary>
    Transmit = 4,

    /// <summary>On its way to another worker.</summary>
    Handoff = 5,
}

/// <summary>One chunk's row of the side table, 16 bytes, in the UMEM's memory file so that a new process can read it.</summary>
[PerWorker]
[StructLayout(LayoutKind.Explicit, Size = 16)]
public struct FrameEntry
{
    [FieldOffset(0)]
    public FrameOwner Owner;

    /// <summary>Holders of the chunk: 1 after receive, one more for each clone that shares it. 0 when free.</summary>
    [FieldOffset(1)]
    public byte References;

    /// <summary>Port that posted or transmits it.</summary>
    [FieldOffset(2)]
    public ushort Port;

    /// <summary>Bytes of the packet in this chunk; only kept for packets that span several chunks.</summary>
    [FieldOffset(4)]
    public ushort Length;

    /// <summary>Where those bytes start, from the chunk's start.</summary>
    [FieldOffset(6)]
    public ushort Offset;

    /// <summary>
    /// Index of the packet's next chunk plus one; 0 ends the chain. Of a chunk posted for receive: its index in the fill
    /// ring, by which a new process knows whether it was published (<see cref="UmemAdoption"/>).
    /// </summary>
    [FieldOffset(8)]
    public uint Next;

    /// <summary>Queue of the port that posted it.</summary>
    [FieldOffset(12)]
    public ushort Queue;

    // The row as two words: one store each instead of a field at a time.
    [FieldOffset(0)]
    private ulong _first;

    [FieldOffset(8)]
    private ulong _second;

    /// <summary>Writes the row of a chunk that is about to be posted: what describes it first, the owner last.</summary>
    internal static void WritePosted(ref FrameEntry row, ushort port, ushort queue, uint fillIndex)
    {
        row._second = fillIndex | ((ulong)queue << 32);
        row._first = (byte)FrameOwner.Receive | (1UL << 8) | ((ulong)port << 16);
    }

    /// <summary>Writes the row of a free chunk.</summary>
    internal static void WriteFree(ref FrameEntry row)
    {
        row._first = (byte)FrameOwner.Free;
        row._second = 0;
    }
}
