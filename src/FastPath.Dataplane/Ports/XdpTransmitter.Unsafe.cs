using System;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Telemetry;
using FastPath.Xdp;

namespace FastPath.Dataplane.Ports;

/// <summary>
/// The transmit half of an <see cref="XdpPort"/>: staged packets to the TX ring, system calls, completions back to the
/// free list.
/// </summary>
[PerWorker]
internal sealed unsafe class XdpTransmitter(XdpSocket socket, PortCounters counters)
{
    private const uint Continued = 1; // XDP_PKT_CONTD: the packet goes on in the next descriptor
    private const uint WithMetadata = 2; // XDP_TX_METADATA
    private const int KicksPerFlush = 4; // bounded: a receiver that does not read must not stop the worker

    private readonly TxRing _tx = socket.Tx;
    private readonly CompletionRing _completion = socket.Completion;
    private readonly Umem _umem = socket.Umem;
    private readonly DescriptorAddress _address = new(socket.Umem, socket.Granted);

    /// <summary>What the last transmit call said about the device.</summary>
    public DeviceState State { get; private set; }

    /// <summary>Packets wait in the ring and another call may move them.</summary>
    public bool HasUnsent { get; private set; }

    /// <summary>Chunks the kernel holds.</summary>
    public int InFlight => _tx.InFlight;

    /// <summary>Chunks that may be given to the kernel now.</summary>
    public int Room => Math.Min(Limits.TransmitInFlight - _tx.InFlight, _tx.Free);

    /// <summary>Shows the kernel what was put, lets it send and gets completed chunks back.</summary>
    public void Send()
    {
        if (_tx.Unpublished == 0)
            return;
        _tx.Publish();
        Kick();
        Reap();
    }

    /// <summary>Tries again what the device did not take, and gets completed chunks back.</summary>
    public void Service()
    {
        if (_tx.InFlight == 0)
            return;
        if (HasUnsent)
            Kick();
        Reap();
    }

    /// <summary>One attempt after the device was down; the control plane calls for it when the link is back.</summary>
    public void Retry()
    {
        if (State == DeviceState.Down)
            Kick();
    }

    /// <summary>Chunks given to the kernel and not taken back, once for each reference. Changes nothing.</summary>
    public FrameAddress[] ListInFlight()
    {
        ulong[] addresses = _tx.InFlightAddresses();
        FrameAddress[] chunks = new FrameAddress[addresses.Length];
        for (int n = 0; n < addresses.Length; n++)
            _address.TryFind(addresses[n], out chunks[n], out _);
        return chunks;
    }

    /// <summary>
    /// Puts packets of one chunk in this port's memory, up to the first that is not such a packet or finds no room.
    /// Lets the kernel send whenever <see cref="Limits.TransmitFlush"/> are put. Returns those put.
    /// </summary>
    public PacketSet PutPlain(Batch batch, PacketSet packets, int longest)
    {
        ulong left = packets.Bits;
        while (left != 0 && State != DeviceState.Gone)
        {
            if (_tx.Unpublished >= Limits.TransmitFlush || Room <= 0)
                Send();
            int most = Math.Min(Room, Limits.TransmitFlush - _tx.Unpublished);
            ulong rest = PutRun(batch.Slots, left, most, longest);
            bool isStuck = rest == left || System.Numerics.BitOperations.PopCount(left ^ rest) < most;
            left = rest;
            if (isStuck)
                break;
        }

        return new PacketSet(packets.Bits & ~left);
    }

    /// <summary>Writes descriptors for at most so many packets; returns those that are left.</summary>
    private ulong PutRun(Packet* slots, ulong packets, int most, int longest)
    {
        const PacketFlags NotPlain = PacketFlags.Chained | PacketFlags.MaybePartialChecksum;
        XdpDescriptor* descriptors = _tx.Descriptors;
        FrameEntry* table = _umem.Table;
        ulong inverse = _umem.Inverse;
        uint mask = _tx.Mask;
        uint index = _tx.Produced;
        uint umem = (uint)_umem.Number;
        int shift = _address.OffsetShift;
        ulong bytes = 0;
        int put = 0;
        for (; packets != 0 && put < most; packets &= packets - 1, put++)
        {
            Packet* packet = slots + System.Numerics.BitOperations.TrailingZeroCount(packets);
            ulong frame = packet->Frame.Value;
            if ((packet->Flags & NotPlain) != 0 || packet->Length > longest || frame >> 32 != umem)
                break;
            // SAFETY: the frame is a chunk of this UMEM, so its index is inside the table; the mask keeps the slot
            // inside.
            table[((uint)frame * inverse) >> 43].Owner = FrameOwner.Transmit;
            XdpDescriptor* slot = descriptors + (index++ & mask);
            slot->Address = (uint)frame + ((ulong)packet->Offset << shift);
            slot->Length = packet->Length;
            slot->Options = 0;
            bytes += packet->Length;
        }

        _tx.Added(put);
        counters[PortCounter.TxPackets] += (ulong)put;
        counters[PortCounter.TxBytes] += bytes;
        return packets;
    }

    /// <summary>
    /// Puts one packet, of any number of chunks; false, dropped, when the ring or the device is not there for it.
    /// </summary>
    public bool TryPut(Batch batch, int slot)
    {
        ref Packet packet = ref batch[slot];
        int chunks = (packet.Flags & PacketFlags.Chained) == 0 ? 1 : Chain.Count(_umem, packet.Frame);
        if (State == DeviceState.Gone || _tx.Free < chunks)
        {
            batch.Drop(slot, State == DeviceState.Gone ? DropReason.PortDown : DropReason.TxRingFull);
            return false;
        }

        uint options = (packet.Flags & PacketFlags.MaybePartialChecksum) != 0 ? LeaveOrComplete(packet) : 0;

        counters[PortCounter.TxPackets]++;
        counters[PortCounter.TxBytes] += packet.Length;
        if (chunks == 1)
            Add(packet.Frame, packet.Offset, packet.Length, options);
        else
            AddChain(packet, options);
        return true;
    }

    /// <summary>
    /// A partial checksum goes on as it is, described by TX metadata: the kernel marks the packet so for the receiver,
    /// or completes it for a device without offload. Without metadata it is completed here.
    /// </summary>
    private uint LeaveOrComplete(in Packet packet)
    {
        if (!socket.Granted.HasFlag(KernelFeature.TxMetadata))
        {
            PartialChecksum.Complete(_umem, packet);
            return 0;
        }

        Span<byte> frame = PartialChecksum.FirstChunk(_umem, packet.Frame, packet.Offset, packet.Length);
        if (!PartialChecksum.TryFind(frame, out PartialChecksum.Place place))
            return 0;
        TransmitMetadata.RequestChecksum(_umem, packet.Frame, packet.Offset, place.Start, place.FieldOffset);
        return WithMetadata;
    }

    private void AddChain(in Packet packet, uint options)
    {
        int first = Chain.FirstLength(_umem, packet.Frame, packet.Length);
        uint next = _umem.Entry(packet.Frame).Next;
        Add(packet.Frame, packet.Offset, first, options | Continued);
        while (next != 0)
        {
            FrameAddress chunk = _umem.At(next - 1);
            ref FrameEntry entry = ref _umem.Entry(chunk);
            next = entry.Next;
            Add(chunk, entry.Offset, entry.Length, next != 0 ? Continued : 0);
        }
    }

    private void Add(FrameAddress chunk, int offset, int length, uint options)
    {
        _umem.Entry(chunk).Owner = FrameOwner.Transmit;
        _tx.Add(_address.Of(chunk, offset), (uint)length, options);
    }

    private void Kick()
    {
        HasUnsent = false;
        if (_tx.InFlight == 0 || State == DeviceState.Gone)
            return;
        for (int attempt = 0; attempt < KicksPerFlush; attempt++)
        {
            counters[PortCounter.TxCalls]++;
            KickResult result = socket.Kick();
            Note(result);
            if (result is KickResult.Done or KickResult.Unbound or KickResult.DeviceDown)
                return; // a device that is down is tried again with the next packets, not in a loop
            if (result == KickResult.NoMemory)
                break;
            if (result == KickResult.Again)
                Reap(); // a full completion ring is one of the reasons
        }

        HasUnsent = _tx.Pending != 0;
    }

    private void Note(KickResult result)
    {
        State = result switch
        {
            KickResult.Unbound => DeviceState.Gone,
            KickResult.DeviceDown => DeviceState.Down,
            _ => DeviceState.Up,
        };
        if (result == KickResult.Done)
            return;
        counters[result switch
        {
            KickResult.Again => PortCounter.TxAgain,
            KickResult.Dropped => PortCounter.TxDeviceDropped,
            KickResult.NoMemory => PortCounter.TxNoMemory,
            KickResult.DeviceDown => PortCounter.TxDeviceDown,
            KickResult.Unbound => PortCounter.TxUnbound,
            _ => PortCounter.TxUnexpected,
        }]++;
    }

    private void Reap()
    {
        int count = _completion.Available();
        if (count == 0)
            return;
        int inOrder = _tx.CompleteInOrder(_completion, count, _umem);
        for (int n = inOrder; n < count; n++)
            Complete(_completion[n]);
        _tx.EndCompletions();
        _completion.Advance(count);
    }

    private void Complete(ulong address)
    {
        if (_tx.TryComplete(address) && _address.TryFind(address, out FrameAddress chunk, out _))
            _umem.Release(chunk);
        else
            counters[PortCounter.BadCompletion]++;
    }
}
