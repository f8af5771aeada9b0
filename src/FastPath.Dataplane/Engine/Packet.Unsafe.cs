using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastPath.Xdp;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// What the switch knows about one packet. 32 bytes, two to a cache line; stays in its slot of the
/// <see cref="Batch"/> from receive to transmit. The first 16 bytes are what transmit needs (StagedPacket).
/// </summary>
[PerWorker]
[StructLayout(LayoutKind.Sequential)]
public struct Packet
{
    /// <summary>The (first) chunk that holds it.</summary>
    public FrameAddress Frame;

    /// <summary>First byte of the outermost header still in place, from the chunk's start.</summary>
    public ushort Offset;

    /// <summary>Bytes from <see cref="Offset"/> to the packet's end, over all its chunks.</summary>
    public ushort Length;

    public PacketFlags Flags;

    /// <summary>
    /// Transport header from the chunk's start; 0 when there is none (later fragments) or not validated.
    /// </summary>
    public ushort L4Offset;

    /// <summary>
    /// Network header from the chunk's start; 0 until ip4-input or ip6-input has validated one there.
    /// </summary>
    public ushort L3Offset;

    /// <summary>Port it came in by; a tunnel or bridge interface after decapsulation or hand-over.</summary>
    public ushort RxPort;

    /// <summary>Port it leaves by, once that is decided.</summary>
    public ushort TxPort;

    /// <summary>Position on the current feature arc.</summary>
    public byte Feature;

    /// <summary>
    /// Times it went back in the graph (decapsulation, echo, a wait for a neighbor); limited by
    /// <see cref="Limits.DepthMax"/>.
    /// </summary>
    public byte Depth;

    /// <summary>For the error nodes: the MTU that the packet exceeds, bytes.</summary>
    public uint TooBigMtu;

    /// <summary>Index of the adjacency that the route lookup chose.</summary>
    public int Adjacency;

    /// <summary>
    /// Lets the packet begin at its network header. One store for offset, length, flags (unchanged) and transport
    /// offset, which lie side by side.
    /// </summary>
    // SAFETY: the four fields are the second word of the struct (asserted by a test).
    internal void SetNetwork(int at, int length, int transport)
    {
        Unsafe.As<ushort, ulong>(ref Offset) =
            (uint)at | ((ulong)(uint)length << 16) | ((ulong)Flags << 32) | ((ulong)(uint)transport << 48);
        L3Offset = (ushort)at;
    }

    /// <summary>Fills a slot with a received packet of one chunk, in four stores.</summary>
    // SAFETY: the struct is four words; the first two are frame, and offset and length with flags and L4Offset zero;
    // the third has RxPort in its second 16 bits (asserted by a test).
    internal static unsafe void WriteReceived(Packet* slot, ulong frame, uint offset, uint length, ushort port)
    {
        ulong* words = (ulong*)slot;
        words[0] = frame;
        words[1] = offset | ((ulong)length << 16);
        words[2] = (ulong)port << 16;
        words[3] = 0;
    }
}

/// <summary>Facts about a packet that a later node must know.</summary>
[Flags]
public enum PacketFlags : ushort
{
    None = 0,

    /// <summary>Spans several chunks; the side table links them. Headers lie in the first.</summary>
    Chained = 1 << 0,

    /// <summary>Came from a port whose sender may leave L4 checksums to the device.</summary>
    MaybePartialChecksum = 1 << 1,

    /// <summary>Made by FastPath: no ICMP error about it, no TTL decrement.</summary>
    Originated = 1 << 2,

    /// <summary>Its link-layer destination was a group address: no ICMP error about it (RFC 1122 3.2.2).</summary>
    LinkMulticast = 1 << 3,

    /// <summary>
    /// Carries a frame of a tunnel of ours: enters no bridge, because that could lead into the tunnel again.
    /// </summary>
    Encapsulated = 1 << 4,
}
