using FastPath.Dataplane.Engine;
using FastPath.Xdp;

namespace FastPath.Dataplane.Ports;

/// <summary>
/// The receive half of an <see cref="XdpPort"/>: RX ring to batch, free chunks to the fill ring. The kernel counts as
/// holder of every chunk between posting it and reading it back.
/// </summary>
/// <remarks>
/// A process may be killed between any two stores, and a new one goes on from what it finds (<see cref="UmemAdoption"/>).
/// So a chunk's row is written before the index that hands it over: posting writes the row, then the slot, then publishes;
/// reading writes the row, then returns the slots.
/// </remarks>
[PerWorker]
internal sealed class XdpReceiver(XdpSocket socket, PortCounters counters, ushort portIndex)
{
    private const uint Continued = 1; // XDP_PKT_CONTD: the packet goes on in the next descriptor
    private const int ChunksPerPacketMax = 18; // MAX_SKB_FRAGS + 1: what the kernel gives

    private readonly RxRing _rx = socket.Rx!;
    private readonly FillRing _fill = socket.Fill;
    private readonly Umem _umem = socket.Umem;
    private readonly DescriptorAddress _address = new(socket.Umem, socket.Granted);

    public int Receive(Batch batch, int slot, int budget)
    {
        int available = _rx.Available();
        if (available == 0)
            return 0;

        int read = 0;
        int packets = 0;
        ulong bytes = 0;
        while (packets < budget && read < available)
        {
            ref Packet packet = ref batch[slot + packets];
            int chunks = CountChunks(read, available);
            if (chunks == 0)
                break; // the kernel publishes the rest soon
            bool isWhole = chunks == 1 ? TryTake(ref packet, _rx[read]) : TryTakeChain(ref packet, read, chunks);
            read += chunks;
            if (!isWhole)
                continue;
            bytes += packet.Length;
            packets++;
        }

        _rx.Advance(read);
        counters[PortCounter.RxPackets] += (ulong)packets;
        counters[PortCounter.RxBytes] += bytes;
        return packets;
    }

    /// <summary>Posts free chunks when at least a quarter of the ring is empty.</summary>
    public void Refill()
    {
        int free = _fill.Free();
        if (free < _fill.Capacity / 4)
            return;
        int posted = 0;
        while (posted < free && _umem.TryTake(out FrameAddress chunk))
        {
            ref FrameEntry entry = ref _umem.Entry(chunk);
            entry.Port = portIndex;
            entry.Queue = (ushort)socket.Queue;
            entry.Next = _fill.NextIndex;
            entry.Owner = FrameOwner.Receive;
            _fill.Add(chunk.Offset);
            posted++;
        }

        if (posted < free)
            counters[PortCounter.RxNoFrame]++;
        _fill.Publish();
        if (socket.IsZeroCopy && _fill.NeedsWakeup)
            socket.WakeReceive();
    }

    /// <summary>Frees what the kernel held for receive. Its socket is closed, so nobody writes to these chunks any more.</summary>
    public void ReleaseAll()
    {
        for (int index = 0; index < _umem.ChunkCount; index++)
        {
            ref FrameEntry entry = ref _umem.EntryAt(index);
            if (entry.Owner == FrameOwner.Receive && entry.Port == portIndex && entry.Queue == socket.Queue)
                _umem.Release(_umem.At((uint)index));
        }
    }

    /// <summary>Descriptors of the packet that starts at one; 0 when its last is not there yet.</summary>
    private int CountChunks(int first, int available)
    {
        int count = 1;
        while ((_rx[first + count - 1].Options & Continued) != 0)
        {
            if (first + count == available)
                return 0;
            count++;
        }

        return count;
    }

    private bool TryTake(ref Packet packet, in XdpDescriptor descriptor)
    {
        if (!_address.TryFind(descriptor.Address, out FrameAddress chunk, out ushort offset)
            || _umem.Entry(chunk).Owner != FrameOwner.Receive)
        {
            counters[PortCounter.BadReceive]++;
            return false;
        }

        ref FrameEntry entry = ref _umem.Entry(chunk);
        entry.Owner = FrameOwner.Batch;
        entry.Next = 0;
        packet = default;
        packet.Frame = chunk;
        packet.Offset = offset;
        packet.Length = (ushort)descriptor.Length;
        packet.RxPort = portIndex;
        Prefetch.Line(chunk, offset);
        return true;
    }

    /// <summary>Links the chunks of one packet; what has too many or is too long goes home at once.</summary>
    private bool TryTakeChain(ref Packet packet, int first, int count)
    {
        if (!TryTake(ref packet, _rx[first]))
            return false;
        FrameAddress last = packet.Frame;
        _umem.Entry(last).Length = packet.Length;
        int total = packet.Length;
        for (int n = 1; n < count; n++)
        {
            Packet part = default;
            if (!TryTake(ref part, _rx[first + n]))
                continue;
            ref FrameEntry entry = ref _umem.Entry(part.Frame);
            entry.Offset = part.Offset;
            entry.Length = part.Length;
            _umem.Entry(last).Next = _umem.IndexOf(part.Frame) + 1;
            last = part.Frame;
            total += part.Length;
        }

        packet.Flags = PacketFlags.Chained;
        packet.Length = (ushort)total;
        if (total <= Limits.PacketBytesMax && count <= ChunksPerPacketMax)
            return true;
        counters[PortCounter.RxOversized]++;
        _umem.ReleasePacket(packet.Frame);
        return false;
    }
}
