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
[StructLayout(LayoutKind.Sequential)]
public struct FrameEntry
{
    public FrameOwner Owner;

    /// <summary>Holders of the chunk: 1 after receive, one more for each clone that shares it. 0 when free.</summary>
    public byte References;

    /// <summary>Port that posted or transmits it.</summary>
    public ushort Port;

    /// <summary>Bytes of the packet in this chunk; only kept for packets that span several chunks.</summary>
    public ushort Length;

    /// <summary>Where those bytes start, from the chunk's start.</summary>
    public ushort Offset;

    /// <summary>
    /// Index of the packet's next chunk plus one; 0 ends the chain. Of a chunk posted for receive: its index in the fill
    /// ring, by which a new process knows whether it was published (<see cref="UmemAdoption"/>).
    /// </summary>
    public uint Next;

    /// <summary>Queue of the port that posted it.</summary>
    public ushort Queue;

    public byte Worker;
    private readonly byte _reserved;
}
