using FastPath.Dataplane.Ports;
using FastPath.Xdp;

namespace FastPath.Dataplane.Engine;

/// <summary>Copies and shares frames, over all chunks of a packet.</summary>
[PerWorker]
internal static class FrameCopy
{
    /// <summary>One more holder for every chunk of a packet.</summary>
    public static void AddReference(Umem umem, FrameAddress head)
    {
        ref FrameEntry entry = ref umem.Entry(head);
        entry.References++;
        Invariant.Require(entry.References != 0, "at most 255 holders of a chunk");
        for (uint next = entry.Next; next != 0;)
        {
            ref FrameEntry chunk = ref umem.EntryAt((int)next - 1);
            chunk.References++;
            next = chunk.Next;
        }
    }

    /// <summary>
    /// Copies a packet's bytes into fresh chunks and lets the packet name the copy. False, and nothing changed, when
    /// the target has too few free chunks.
    /// </summary>
    public static bool TryCopy(Umem source, ref Packet packet, Umem target)
    {
        FrameAddress from = packet.Frame;
        bool chained = (packet.Flags & PacketFlags.Chained) != 0;
        if (!target.TryTake(out FrameAddress head))
            return false;
        int first = chained ? Chain.FirstLength(source, from, packet.Length) : packet.Length;
        source.Bytes(from, packet.Offset, first).CopyTo(target.Bytes(head, packet.Offset, first));
        if (chained && !TryCopyRest(source, from, target, head, first))
        {
            target.ReleasePacket(head);
            return false;
        }

        packet.Frame = head;
        return true;
    }

    private static bool TryCopyRest(Umem source, FrameAddress from, Umem target, FrameAddress head, int first)
    {
        target.Entry(head).Length = (ushort)first;
        FrameAddress last = head;
        for (uint next = source.Entry(from).Next; next != 0;)
        {
            FrameAddress chunk = source.At(next - 1);
            ref FrameEntry entry = ref source.Entry(chunk);
            if (!target.TryTake(out FrameAddress copy))
                return false;
            source.Bytes(chunk, entry.Offset, entry.Length).CopyTo(target.Bytes(copy, Limits.Headroom, entry.Length));
            ref FrameEntry copied = ref target.Entry(copy);
            copied.Offset = Limits.Headroom;
            copied.Length = entry.Length;
            target.Entry(last).Next = target.IndexOf(copy) + 1;
            last = copy;
            next = entry.Next;
        }

        return true;
    }
}
