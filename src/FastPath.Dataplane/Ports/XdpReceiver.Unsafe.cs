using System;
using FastPath.Dataplane.Engine;
using FastPath.Xdp;

namespace FastPath.Dataplane.Ports;

/// <summary>
/// The receive half of an <see cref="XdpPort"/>: RX ring to batch, free chunks to the fill ring. The kernel counts as
/// holder of every chunk between posting it and reading it back.
/// </summary>
/// <remarks>
/// A process may be killed between any two stores, and a new one goes on from what it finds (<see
/// cref="UmemAdoption"/>). So a chunk's row is written before the index that hands it over: posting writes the row,
/// then the slot, then publishes; reading writes the row, then returns the slots.
/// </remarks>
[PerWorker]
internal sealed unsafe class XdpReceiver(XdpSocket socket, PortCounters counters, ushort portIndex)
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

        int packets = 0;
        int read = 0;
        ulong bytes = 0;
        while (packets < budget && read < available)
        {
            int plain = TakePlain(batch.Slots + slot
                + packets, read, Math.Min(available - read, budget - packets), ref bytes);
            packets += plain;
            read += plain;
            if (packets == budget || read == available)
                break;
            // A packet of several chunks, or a descriptor that is wrong.
            int chunks = CountChunks(read, available);
            if (chunks == 0)
            {
                _rx.Refresh(); // for the next turn: without, the rest of the packet would never be seen
                break;
            }

            ref Packet packet = ref batch[slot + packets];
            if (chunks == 1 ? TryTake(ref packet, _rx[read]) : TryTakeChain(ref packet, read, chunks))
            {
                bytes += packet.Length;
                packets++;
            }

            read += chunks;
        }

        _rx.Advance(read);
        counters[PortCounter.RxPackets] += (ulong)packets;
        counters[PortCounter.RxBytes] += bytes;
        return packets;
    }

    /// <summary>
    /// Fills slots with packets of one chunk each, up to the first descriptor that is not plain and right; returns how
    /// many.
    /// </summary>
    private int TakePlain(Packet* slots, int first, int count, ref ulong bytes)
    {
        XdpDescriptor* descriptors = _rx.Descriptors;
        FrameEntry* table = _umem.Table;
        ulong inverse = _umem.Inverse;
        ulong area = (ulong)_umem.Options.ChunkArea;
        uint chunkBytes = (uint)_umem.ChunkBytes;
        uint mask = _rx.Mask;
        uint index = _rx.Read + (uint)first;
        ulong umem = (ulong)_umem.Number << 32;
        ulong sum = 0;
        int taken = 0;
        for (; taken < count; taken++)
        {
            ref XdpDescriptor descriptor = ref descriptors[index++ & mask];
            ulong address = descriptor.Address;
            // Both address modes in one: the offset is what lies behind the chunk's start, or in the high 16 bits.
            uint chunk = (uint)(((uint)address * inverse) >> 43);
            uint start = chunk * chunkBytes;
            uint offset = (uint)address - start + (uint)(address >> 48);
            if ((descriptor.Options & Continued) != 0 || (address << 16 >> 16) >= area
                || offset + (ulong)descriptor.Length > chunkBytes)
                break;
            // SAFETY: the address was compared with the size of the UMEM, so its chunk is in the table.
            FrameEntry* row = table + chunk;
            if (row->Owner != FrameOwner.Receive)
                break;
            row->Owner = FrameOwner.Batch;
            row->Next = 0;
            Packet.WriteReceived(slots + taken, umem | start, offset, descriptor.Length, portIndex);
            Prefetch.Line(new FrameAddress(umem | start), (int)offset);
            sum += descriptor.Length;
        }

        bytes += sum;
        return taken;
    }

    /// <summary>
    /// Posts free chunks when a quarter of what the kernel may have is read back: as many as the fill ring holds, in
    /// the fill ring, the RX ring and the kernel's hands together (decision 0005). A port whose worker does not keep up
    /// then runs out of chunks, and the kernel drops before it copies. Chunks count from posting to reading, so a
    /// packet of several takes several, and so does one that was refused.
    /// </summary>
    public void Refill()
    {
        // The kernel takes a chunk from the fill ring before it gives one by the RX ring: there is room for as many.
        int free = _fill.Capacity - socket.Posted;
        if (free < _fill.Capacity / 4)
            return;
        int posted = _umem.Post(_fill, free, portIndex, (ushort)socket.Queue);
        if (posted < free)
            counters[PortCounter.RxNoFrame]++;
        _fill.Publish();
        if (socket.IsZeroCopy && _fill.NeedsWakeup)
            socket.WakeReceive();
    }

    /// <summary>
    /// Frees what the kernel held for receive. Its socket is closed, so nobody writes to these chunks any more.
    /// </summary>
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
        if (!_address.TryFind(descriptor.Address, out FrameAddress chunk, out ushort offset))
            return Refuse();
        ref FrameEntry entry = ref _umem.Entry(chunk);
        if (entry.Owner != FrameOwner.Receive)
            return Refuse();
        entry.Owner = FrameOwner.Batch;
        entry.Next = 0;
        if (offset + (ulong)descriptor.Length > (uint)_umem.ChunkBytes)
        {
            _umem.Release(chunk); // it is ours, but what it holds is not what the descriptor says
            return Refuse();
        }

        packet = default;
        packet.Frame = chunk;
        packet.Offset = offset;
        packet.Length = (ushort)descriptor.Length;
        packet.RxPort = portIndex;
        Prefetch.Line(chunk, offset);
        return true;
    }

    /// <summary>
    /// Counts a descriptor that names no chunk of ours, one that was not posted, or bytes outside its chunk: a fault of
    /// the kernel or of FastPath.
    /// </summary>
    private bool Refuse()
    {
        counters[PortCounter.BadReceive]++;
        return false;
    }

    /// <summary>
    /// Links the chunks of one packet; what has too many, is too long, or has one that was refused goes home at once.
    /// </summary>
    private bool TryTakeChain(ref Packet packet, int first, int count)
    {
        FrameAddress last = default;
        int taken = 0;
        int total = 0;
        for (int n = 0; n < count; n++)
        {
            Packet part = default;
            if (!TryTake(ref part, _rx[first + n]))
                continue;
            ref FrameEntry entry = ref _umem.Entry(part.Frame);
            entry.Offset = part.Offset;
            entry.Length = part.Length;
            if (taken++ == 0)
                packet = part;
            else
                _umem.Entry(last).Next = _umem.IndexOf(part.Frame) + 1;
            last = part.Frame;
            total += part.Length;
        }

        if (taken == 0)
            return false;
        packet.Flags = PacketFlags.Chained;
        packet.Length = (ushort)total;
        bool isOversized = total > Limits.PacketBytesMax || count > ChunksPerPacketMax;
        if (taken == count && !isOversized)
            return true;
        if (isOversized)
            counters[PortCounter.RxOversized]++;
        _umem.ReleasePacket(packet.Frame);
        return false;
    }
}
