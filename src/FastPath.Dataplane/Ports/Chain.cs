using System;
using FastPath.Xdp;

namespace FastPath.Dataplane.Ports;

/// <summary>Walks the chunks of a packet that spans several; the side table links them.</summary>
[Shared]
internal static class Chain
{
    /// <summary>Says of every chunk of the packet who has it.</summary>
    public static void SetOwner(Umem umem, FrameAddress head, FrameOwner owner)
    {
        ref FrameEntry entry = ref umem.Entry(head);
        entry.Owner = owner;
        for (uint next = entry.Next; next != 0; next = entry.Next)
        {
            entry = ref umem.EntryAt((int)next - 1);
            entry.Owner = owner;
        }
    }

    /// <summary>Chunks of the packet.</summary>
    public static int Count(Umem umem, FrameAddress head)
    {
        int count = 1;
        for (uint next = umem.Entry(head).Next; next != 0; next = umem.Entry(umem.At(next - 1)).Next)
            count++;
        return count;
    }

    /// <summary>
    /// Bytes of the packet in its first chunk. Nodes move the front only, so it is the total less what lies behind.
    /// </summary>
    public static int FirstLength(Umem umem, FrameAddress head, int length)
    {
        int behind = 0;
        for (uint next = umem.Entry(head).Next; next != 0;)
        {
            ref FrameEntry entry = ref umem.Entry(umem.At(next - 1));
            behind += entry.Length;
            next = entry.Next;
        }

        return length - behind;
    }

    /// <summary>
    /// Copies the packet into consecutive memory; for capture, completion of checksums and other UMEMs.
    /// </summary>
    public static int CopyTo(Umem umem, in StagedPacket packet, Span<byte> target)
    {
        int first = (packet.Flags & Engine.PacketFlags.Chained) == 0
            ? packet.Length
            : FirstLength(umem, packet.Frame, packet.Length);
        umem.Bytes(packet.Frame, packet.Offset, first).CopyTo(target);
        int copied = first;
        for (uint next = umem.Entry(packet.Frame).Next; next != 0 && copied < packet.Length;)
        {
            FrameAddress chunk = umem.At(next - 1);
            ref FrameEntry entry = ref umem.Entry(chunk);
            umem.Bytes(chunk, entry.Offset, entry.Length).CopyTo(target[copied..]);
            copied += entry.Length;
            next = entry.Next;
        }

        return copied;
    }
}
