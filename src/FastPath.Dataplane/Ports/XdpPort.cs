using System;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Telemetry;
using FastPath.Xdp;

namespace FastPath.Dataplane.Ports;

/// <summary>A device queue through an AF_XDP socket.</summary>
[PerWorker]
public sealed class XdpPort : Port
{
    private const uint Continued = 1; // XDP_PKT_CONTD: the packet goes on in the next descriptor
    private const uint WithMetadata = 2; // XDP_TX_METADATA
    private const int ChunksPerPacketMax = 18; // MAX_SKB_FRAGS + 1: what the kernel takes and gives
    private const int KicksPerFlush = 4; // bounded: a receiver that does not read must not stop the worker

    private readonly XdpSocket _socket;
    private readonly uint[] _outstanding = new uint[1024];
    private readonly bool _unaligned;
    private int _inFlight;
    private bool _unsent;

    public XdpPort(string name, int index, XdpSocket socket) : base(name, index, socket.Umem)
    {
        _socket = socket;
        _unaligned = socket.Granted.HasFlag(KernelFeature.UnalignedChunks);
    }

    public XdpSocket Socket => _socket;

    public override int WaitDescriptor => _socket.Descriptor;

    public override bool HasUnsent => _unsent;

    public override int Room => Limits.TransmitInFlight - _inFlight - Queue.Count;

    /// <summary>Chunks the kernel holds for transmit.</summary>
    public int InFlight => _inFlight;

    public override int Receive(Batch batch, int slot, int budget)
    {
        int available = _socket.Rx.Available();
        if (available == 0)
            return 0;

        int read = 0;
        int packets = 0;
        ulong bytes = 0;
        while (packets < budget && read < available)
        {
            int chunks = 1;
            ref Packet packet = ref batch[slot + packets];
            ref readonly XdpDescriptor descriptor = ref _socket.Rx[read];
            if ((descriptor.Options & Continued) == 0)
                Take(ref packet, descriptor);
            else if ((chunks = TakeChain(ref packet, read, available)) == 0)
                break;
            read += chunks;
            bytes += packet.Length;
            packets += packet.Length == 0 ? 0 : 1; // an oversized chain was given back at once
        }

        _socket.Rx.Advance(read);
        Counters[PortCounter.RxPackets] += (ulong)packets;
        Counters[PortCounter.RxBytes] += bytes;
        return packets;
    }

    private void Take(ref Packet packet, in XdpDescriptor descriptor)
    {
        packet = default;
        packet.Frame = Chunk(descriptor.Address, out packet.Offset);
        packet.Length = (ushort)descriptor.Length;
        packet.RxPort = (ushort)Index;
        Umem.Entry(packet.Frame).Owner = FrameOwner.Batch;
        Prefetch.Line(packet.Frame, packet.Offset);
    }

    /// <summary>Links the chunks of one packet; 0 when its last descriptor is not there yet.</summary>
    private int TakeChain(ref Packet packet, int first, int available)
    {
        int count = 1;
        int total = (int)_socket.Rx[first].Length;
        while ((_socket.Rx[first + count - 1].Options & Continued) != 0)
        {
            if (first + count == available)
                return 0;
            total += (int)_socket.Rx[first + count].Length;
            count++;
        }

        Take(ref packet, _socket.Rx[first]);
        Link(packet.Frame, first, count);
        packet.Flags = PacketFlags.Chained;
        packet.Length = (ushort)total;
        if (total <= Limits.PacketBytesMax && count <= ChunksPerPacketMax)
            return count;

        Counters[PortCounter.RxOversized]++;
        Umem.ReleasePacket(packet.Frame);
        packet.Length = 0;
        return count;
    }

    private void Link(FrameAddress head, int first, int count)
    {
        ref FrameEntry previous = ref Umem.Entry(head);
        previous.Length = (ushort)_socket.Rx[first].Length;
        for (int n = 1; n < count; n++)
        {
            ref readonly XdpDescriptor descriptor = ref _socket.Rx[first + n];
            FrameAddress chunk = Chunk(descriptor.Address, out ushort offset);
            ref FrameEntry entry = ref Umem.Entry(chunk);
            entry.Owner = FrameOwner.Batch;
            entry.Offset = offset;
            entry.Length = (ushort)descriptor.Length;
            entry.Next = 0;
            previous.Next = Umem.IndexOf(chunk) + 1;
            previous = ref entry;
        }
    }

    private FrameAddress Chunk(ulong address, out ushort offset)
    {
        if (_unaligned)
        {
            offset = (ushort)(address >> 48);
            return FrameAddress.At(Umem.Number, (uint)address);
        }

        uint index = Umem.IndexOf(new FrameAddress((uint)address));
        uint start = index * (uint)Umem.ChunkBytes;
        offset = (ushort)((uint)address - start);
        return FrameAddress.At(Umem.Number, start);
    }

    private ulong Address(FrameAddress chunk, int offset) =>
        _unaligned ? chunk.Offset | ((ulong)offset << 48) : chunk.Offset + (uint)offset;

    public override void Flush(Worker worker)
    {
        foreach (ref readonly StagedPacket packet in Queue.Packets)
            Put(worker, packet);
        Queue.Clear();
        _socket.Tx.Publish();
        Kick();
        Reap();
    }

    private void Put(Worker worker, in StagedPacket packet)
    {
        int chunks = (packet.Flags & PacketFlags.Chained) == 0 ? 1 : Chain.Count(Umem, packet.Frame);
        if (_socket.Tx.Free(chunks) < chunks || _inFlight + chunks > _outstanding.Length)
        {
            // Only packets of many chunks come here: Room counts packets, the ring counts chunks.
            worker.CountDrop(worker.Graph.PortOutput, DropReason.TxRingFull);
            Umem.ReleasePacket(packet.Frame);
            return;
        }

        uint options = (packet.Flags & PacketFlags.MaybePartialChecksum) != 0 ? LeaveOrComplete(packet) : 0;

        Counters[PortCounter.TxPackets]++;
        Counters[PortCounter.TxBytes] += packet.Length;
        if (chunks == 1)
            Add(packet.Frame, packet.Offset, packet.Length, options);
        else
            AddChain(packet, options);
    }

    /// <summary>
    /// A partial checksum goes on as it is, described by TX metadata: the kernel marks the packet so for the receiver, or
    /// completes it for a device without offload. Without metadata it is completed here.
    /// </summary>
    private uint LeaveOrComplete(in StagedPacket packet)
    {
        Packet view = new() { Frame = packet.Frame, Offset = packet.Offset, Length = packet.Length, Flags = packet.Flags };
        if (!_socket.Granted.HasFlag(KernelFeature.TxMetadata))
        {
            PartialChecksum.Complete(Umem, view);
            return 0;
        }

        if (!PartialChecksum.TryFind(PartialChecksum.FirstChunk(Umem, packet.Frame, packet.Offset, packet.Length), out var place))
            return 0;
        TransmitMetadata.RequestChecksum(Umem, packet.Frame, packet.Offset, place.Start, place.FieldOffset);
        return WithMetadata;
    }

    private void AddChain(in StagedPacket packet, uint options)
    {
        int first = Chain.FirstLength(Umem, packet);
        uint next = Umem.Entry(packet.Frame).Next;
        Add(packet.Frame, packet.Offset, first, options | Continued);
        while (next != 0)
        {
            FrameAddress chunk = Umem.At(next - 1);
            ref FrameEntry entry = ref Umem.Entry(chunk);
            next = entry.Next;
            Add(chunk, entry.Offset, entry.Length, next != 0 ? Continued : 0);
        }
    }

    private void Add(FrameAddress chunk, int offset, int length, uint options)
    {
        Umem.Entry(chunk).Owner = FrameOwner.Transmit;
        _outstanding[_inFlight++] = chunk.Offset;
        _socket.Tx.Add(Address(chunk, offset), (uint)length, options);
    }

    private void Kick()
    {
        _unsent = false;
        if (_inFlight == 0)
            return;
        for (int attempt = 0; attempt < KicksPerFlush; attempt++)
        {
            Counters[PortCounter.TxCalls]++;
            KickResult result = _socket.Kick();
            if (result == KickResult.Done)
                return;
            Count(result);
            if (result is KickResult.Unbound or KickResult.DeviceDown or KickResult.NoMemory)
                break;
            if (result == KickResult.Again)
                Reap(); // a full completion ring is one of the reasons
        }

        _unsent = _socket.Tx.Pending != 0;
    }

    private void Count(KickResult result)
    {
        PortCounter counter = result switch
        {
            KickResult.Again => PortCounter.TxAgain,
            KickResult.Dropped => PortCounter.TxDeviceDropped,
            KickResult.NoMemory => PortCounter.TxNoMemory,
            KickResult.DeviceDown => PortCounter.TxDeviceDown,
            KickResult.Unbound => PortCounter.TxUnbound,
            _ => PortCounter.TxUnexpected,
        };
        Counters[counter]++;
    }

    private void Reap()
    {
        int count = _socket.Completion.Available();
        for (int n = 0; n < count; n++)
            Complete(_socket.Completion[n]);
        if (count != 0)
            _socket.Completion.Advance(count);
    }

    private void Complete(ulong address)
    {
        FrameAddress chunk = Chunk(address, out _);
        if (!Umem.Owns(chunk.Offset) || !Forget(chunk.Offset))
        {
            Counters[PortCounter.BadCompletion]++;
            return;
        }

        Umem.Release(chunk);
    }

    /// <summary>Takes a chunk off the list of what the kernel holds. Completions come almost in order: near the front.</summary>
    private bool Forget(uint offset)
    {
        int at = Array.IndexOf(_outstanding, offset, 0, _inFlight);
        if (at < 0)
            return false;
        _outstanding[at] = _outstanding[--_inFlight];
        return true;
    }

    public override void Service(Worker worker)
    {
        if (_inFlight != 0)
        {
            if (_unsent)
                Kick();
            Reap();
        }

        Refill();
    }

    private void Refill()
    {
        int free = _socket.Fill.Free();
        if (free < _socket.Fill.Capacity / 4)
            return;
        int posted = 0;
        while (posted < free && Umem.TryTake(out FrameAddress chunk))
        {
            ref FrameEntry entry = ref Umem.Entry(chunk);
            entry.Owner = FrameOwner.Receive;
            entry.Port = (ushort)Index;
            _socket.Fill.Add(chunk.Offset);
            posted++;
        }

        if (posted < free)
            Counters[PortCounter.RxNoFrame]++;
        _socket.Fill.Publish();
        if (_socket.IsZeroCopy && _socket.Fill.NeedsWakeup)
            _socket.WakeReceive();
    }

    /// <summary>Posts the first chunks, before the socket is entered into the program's map.</summary>
    public void Prime() => Refill();

    public override void Retire()
    {
        for (int n = 0; n < _inFlight; n++)
            Umem.Release(FrameAddress.At(Umem.Number, _outstanding[n]));
        _inFlight = 0;
        for (int index = 0; index < Umem.ChunkCount; index++)
        {
            ref FrameEntry entry = ref Umem.EntryAt(index);
            if (entry.Owner == FrameOwner.Receive && entry.Port == Index)
                Umem.Release(Umem.At((uint)index));
        }
    }

    public override void Dispose()
    {
        _socket.Dispose();
        base.Dispose();
    }
}
