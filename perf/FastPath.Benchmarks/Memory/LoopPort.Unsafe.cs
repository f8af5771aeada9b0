using System;
using System.Runtime.InteropServices;
using FastPath.Dataplane;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Xdp;

namespace FastPath.Benchmarks.Memory;

/// <summary>
/// A port whose kernel is the benchmark: the four rings lie in ordinary memory. For each packet it does what
/// <see cref="XdpPort"/> does, in the same order and on the same structures.
/// </summary>
/// <remarks>
/// What is timed, because a port of VPP's (its input and tx nodes) does it, too: reading the RX descriptor, filling the
/// packet's slot, the owner in the side table, prefetch; staging, the TX descriptor, the list of what is in flight,
/// reading the completion, giving the chunk back, taking one again and writing it to the fill ring. Also timed, to our
/// disadvantage: <see cref="Kick"/>, the benchmark's kernel, which copies the addresses of sent descriptors to the
/// completion ring. Not timed: <see cref="Deliver"/>, the other half of that kernel, which copies fresh frames into
/// chunks of the fill ring, as a driver or the packet generator does. There is no system call.
/// </remarks>
internal sealed unsafe class LoopPort : Port
{
    private const uint RingEntries = 2048; // RX, fill: a round of frames
    private const uint TransmitEntries = 512;
    private const uint RingMask = RingEntries - 1;
    private const uint TransmitMask = TransmitEntries - 1;

    private readonly uint[] _outstanding = new uint[1024];
    private readonly XdpDescriptor* _rx = (XdpDescriptor*)Allocate(RingEntries * 16);
    private readonly XdpDescriptor* _tx = (XdpDescriptor*)Allocate(TransmitEntries * 16);
    private readonly ulong* _fill = (ulong*)Allocate(RingEntries * 8);
    private readonly ulong* _completion = (ulong*)Allocate(TransmitEntries * 8);
    private uint _rxProduced, _rxConsumed;
    private uint _txProduced, _txConsumed;
    private uint _fillProduced, _fillConsumed;
    private uint _completed, _reaped;
    private int _inFlight;

    public LoopPort(string name, int index, Umem umem) : base(name, index, umem) => Refill();

    /// <summary>Packets given out in one <see cref="Receive"/>, 1..64: how full batches are.</summary>
    public int BatchLimit { get; set; } = Limits.BatchPackets;

    /// <summary>Packets in the RX ring.</summary>
    public int Arriving => (int)(_rxProduced - _rxConsumed);

    public override int Room => Limits.TransmitInFlight - _inFlight - Queue.Count;

    /// <summary>
    /// The kernel's receive half: copies frames into the oldest chunks of the fill ring and writes their descriptors.
    /// </summary>
    public void Deliver(FrameSet frames)
    {
        for (int n = 0; n < FrameSet.Frames; n++)
        {
            ReadOnlySpan<byte> frame = frames.At(n);
            uint offset = (uint)_fill[_fillConsumed++ & RingMask];
            frame.CopyTo(Umem.Bytes(new FrameAddress(((ulong)Umem.Number << 32) | offset), Limits.Headroom, frame.Length));
            ref XdpDescriptor slot = ref _rx[_rxProduced++ & RingMask];
            slot.Address = offset | ((ulong)Limits.Headroom << 48);
            slot.Length = (uint)frame.Length;
            slot.Options = 0;
        }
    }

    public override int Receive(Batch batch, int slot, int budget)
    {
        int available = Math.Min(Math.Min((int)(_rxProduced - _rxConsumed), budget), BatchLimit);
        if (available == 0)
            return 0;

        ulong bytes = 0;
        for (int n = 0; n < available; n++)
        {
            ref Packet packet = ref batch[slot + n];
            ref XdpDescriptor descriptor = ref _rx[(_rxConsumed + (uint)n) & RingMask];
            packet = default;
            packet.Frame = new FrameAddress(((ulong)Umem.Number << 32) | (uint)descriptor.Address);
            packet.Offset = (ushort)(descriptor.Address >> 48);
            packet.Length = (ushort)descriptor.Length;
            packet.RxPort = (ushort)Index;
            Umem.Entry(packet.Frame).Owner = FrameOwner.Batch;
            Prefetch.Line(packet.Frame, packet.Offset);
            bytes += packet.Length;
        }

        _rxConsumed += (uint)available;
        Counters[PortCounter.RxPackets] += (ulong)available;
        Counters[PortCounter.RxBytes] += bytes;
        return available;
    }

    public override void Flush(Worker worker)
    {
        foreach (ref readonly StagedPacket packet in Queue.Packets)
            Put(packet);
        Queue.Clear();
        Kick();
        Reap();
    }

    private void Put(in StagedPacket packet)
    {
        if (TransmitEntries - (_txProduced - _txConsumed) == 0 || _inFlight == _outstanding.Length)
            throw new InvalidOperationException("the benchmark's transmit ring is full: its kernel is wrong");

        Counters[PortCounter.TxPackets]++;
        Counters[PortCounter.TxBytes] += packet.Length;
        Umem.Entry(packet.Frame).Owner = FrameOwner.Transmit;
        _outstanding[_inFlight++] = packet.Frame.Offset;
        ref XdpDescriptor slot = ref _tx[_txProduced++ & TransmitMask];
        slot.Address = packet.Frame.Offset | ((ulong)packet.Offset << 48);
        slot.Length = packet.Length;
        slot.Options = 0;
    }

    /// <summary>The kernel's transmit half: takes every descriptor and completes it at once.</summary>
    private void Kick()
    {
        Counters[PortCounter.TxCalls]++;
        while (_txConsumed != _txProduced)
            _completion[_completed++ & TransmitMask] = _tx[_txConsumed++ & TransmitMask].Address;
    }

    private void Reap()
    {
        while (_reaped != _completed)
            Complete(_completion[_reaped++ & TransmitMask]);
    }

    private void Complete(ulong address)
    {
        FrameAddress chunk = new(((ulong)Umem.Number << 32) | (uint)address);
        int at = Umem.Owns(chunk.Offset) ? Array.IndexOf(_outstanding, chunk.Offset, 0, _inFlight) : -1;
        if (at < 0)
        {
            Counters[PortCounter.BadCompletion]++;
            return;
        }

        _outstanding[at] = _outstanding[--_inFlight];
        Umem.Release(chunk);
    }

    public override void Service(Worker worker)
    {
        if (_inFlight != 0)
            Reap();
        Refill();
    }

    private void Refill()
    {
        int free = (int)(RingEntries - (_fillProduced - _fillConsumed));
        if (free < RingEntries / 4)
            return;
        for (int posted = 0; posted < free && Umem.TryTake(out FrameAddress chunk); posted++)
        {
            ref FrameEntry entry = ref Umem.Entry(chunk);
            entry.Owner = FrameOwner.Receive;
            entry.Port = (ushort)Index;
            _fill[_fillProduced++ & RingMask] = chunk.Offset;
        }
    }

    public override void Retire()
    {
    }

    public override void Dispose()
    {
        NativeMemory.AlignedFree(_rx);
        NativeMemory.AlignedFree(_tx);
        NativeMemory.AlignedFree(_fill);
        NativeMemory.AlignedFree(_completion);
        base.Dispose();
    }

    private static void* Allocate(uint bytes)
    {
        void* memory = NativeMemory.AlignedAlloc(bytes, 128);
        NativeMemory.Clear(memory, bytes);
        return memory;
    }
}
