using FastPath.Dataplane.Engine;
using FastPath.Net;
using FastPath.Xdp;

namespace FastPath.Dataplane.Nodes;

/// <summary>Checksums over what lies behind the transport offset, over all chunks of a packet.</summary>
[PerWorker]
internal static class PacketChecksum
{
    /// <summary>Whether the transport payload with its checksum field and a pseudo-header sum is right.</summary>
    public static bool IsValid(Umem umem, in Packet packet, ushort seed) => Sum(umem, packet, seed) == 0xFFFF;

    /// <summary>Ones' complement sum from L4Offset to the packet's end, plus a seed.</summary>
    public static ushort Sum(Umem umem, in Packet packet, ushort seed)
    {
        int length = packet.Length - (packet.L4Offset - packet.Offset);
        int inFirst = length;
        if ((packet.Flags & PacketFlags.Chained) != 0)
            inFirst -= BytesBehind(umem, packet.Frame);
        ushort sum = InternetChecksum.Add(seed,
            InternetChecksum.Sum(umem.Bytes(packet.Frame, packet.L4Offset, inFirst)));
        return (packet.Flags & PacketFlags.Chained) == 0 ? sum : SumBehind(umem, packet.Frame, sum, inFirst);
    }

    private static int BytesBehind(Umem umem, FrameAddress head)
    {
        int bytes = 0;
        for (uint next = umem.Entry(head).Next; next != 0;)
        {
            ref FrameEntry entry = ref umem.EntryAt((int)next - 1);
            bytes += entry.Length;
            next = entry.Next;
        }

        return bytes;
    }

    private static ushort SumBehind(Umem umem, FrameAddress head, ushort sum, int position)
    {
        for (uint next = umem.Entry(head).Next; next != 0;)
        {
            FrameAddress chunk = umem.At(next - 1);
            ref FrameEntry entry = ref umem.Entry(chunk);
            ushort part = InternetChecksum.Sum(umem.Bytes(chunk, entry.Offset, entry.Length));
            // Bytes that start at an odd position change places in their words (RFC 1071 section 2 B).
            if (position % 2 != 0)
                part = (ushort)((part >> 8) | (part << 8));
            sum = InternetChecksum.Add(sum, part);
            position += entry.Length;
            next = entry.Next;
        }

        return sum;
    }
}
