using System.Collections.Generic;

namespace FastPath.Xdp;

/// <summary>A UMEM and its sockets that another process left.</summary>
/// <param name="Umem">The packet memory, free list rebuilt.</param>
/// <param name="Sockets">Those of the given descriptors that share it, in the given order.</param>
public sealed record AdoptedUmem(Umem Umem, IReadOnlyList<XdpSocket> Sockets);

/// <summary>
/// Goes on where a process died: maps memory and rings again, and finds for every chunk whether the kernel holds it. What
/// only the dead process held (a batch, a queue of held packets) becomes free: packets are lost, chunks are not.
/// </summary>
/// <remarks>
/// Right for a kill between any two instructions, because what is found is what the stores before it left, and each word
/// that hands a chunk over is written after all that describes it:
/// <list type="bullet">
/// <item>Posting: row (fill index, owner Receive), slot, producer. A row whose fill index is not below the producer was
/// never published: free.</item>
/// <item>Reading: row (owner Batch), then consumer. A descriptor that is still in the RX ring is received once more, whatever
/// its row says.</item>
/// <item>Sending: slot (address, length), producer. Only slots from the tail to the producer count, and references are
/// counted anew from them.</item>
/// <item>Completing: slot (length 0), tail, consumer. A completion whose slot is already empty was handled: skipped. No slot
/// behind the tail is written before the tail is.</item>
/// </list>
/// The kernel goes on meanwhile, from the fill ring to the RX ring; a chunk on that way is Receive in its row all the time.
/// </remarks>
[Control]
public static class UmemAdoption
{
    /// <summary>Adopts one UMEM.</summary>
    /// <param name="memory">Its memory file.</param>
    /// <param name="descriptors">Descriptors that may be its sockets; others are left alone.</param>
    /// <exception cref="XdpException">The file is none of ours, or a ring cannot be mapped.</exception>
    public static AdoptedUmem Adopt(int memory, IReadOnlyList<int> descriptors)
    {
        Umem umem = Umem.Adopt(memory);
        List<XdpSocket> sockets = [];
        foreach (int descriptor in descriptors)
            if (XdpSocket.IsOf(descriptor, umem))
                sockets.Add(XdpSocket.Adopt(descriptor, umem));
        ForgetLostSockets(umem, sockets);
        Settle(umem, sockets);
        return new AdoptedUmem(umem, sockets);
    }

    private static void ForgetLostSockets(Umem umem, List<XdpSocket> sockets)
    {
        for (int n = 0; n < SocketRecords.CountMax; n++)
        {
            ref SocketRecord record = ref umem.Records[n];
            ulong cookie = record.Cookie;
            if (cookie != 0 && !sockets.Exists(socket => socket.Cookie == cookie))
                record.Cookie = 0;
        }
    }

    private static void Settle(Umem umem, List<XdpSocket> sockets)
    {
        for (int index = 0; index < umem.ChunkCount; index++)
        {
            ref FrameEntry entry = ref umem.EntryAt(index);
            if (!IsPosted(entry, sockets))
                umem.Reclaim(index);
        }

        foreach (XdpSocket socket in sockets)
        {
            SettleReceive(umem, socket);
            SettleTransmit(umem, socket);
        }

        umem.RebuildFreeList();
    }

    private static bool IsPosted(in FrameEntry entry, List<XdpSocket> sockets)
    {
        if (entry.Owner != FrameOwner.Receive)
            return false;
        foreach (XdpSocket socket in sockets)
            if (socket.Options.Port == entry.Port && socket.Queue == entry.Queue)
                return (int)(entry.Next - socket.Fill.Published) < 0;
        return false;
    }

    private static void SettleReceive(Umem umem, XdpSocket socket)
    {
        if (socket.Rx == null)
            return;
        DescriptorAddress address = new(umem, socket.Granted);
        int unread = socket.Rx.Refresh();
        for (int n = 0; n < unread; n++)
        {
            if (!address.TryFind(socket.Rx[n].Address, out FrameAddress chunk, out _))
                continue;
            ref FrameEntry entry = ref umem.Entry(chunk);
            entry.Port = socket.Options.Port;
            entry.Queue = (ushort)socket.Queue;
            entry.References = 1;
            entry.Next = socket.Fill.Published - 1; // any index that was published
            entry.Owner = FrameOwner.Receive;
        }
    }

    private static void SettleTransmit(Umem umem, XdpSocket socket)
    {
        DescriptorAddress address = new(umem, socket.Granted);
        int handled = 0;
        while (handled < socket.Completion.Available() && !socket.Tx.IsInFlight(socket.Completion[handled]))
            handled++;
        socket.Tx.EndCompletions();
        socket.Completion.Advance(handled);

        foreach (ulong inFlight in socket.Tx.InFlightAddresses())
        {
            if (!address.TryFind(inFlight, out FrameAddress chunk, out _))
                continue;
            ref FrameEntry entry = ref umem.Entry(chunk);
            entry.References++;
            entry.Owner = FrameOwner.Transmit;
        }
    }
}
