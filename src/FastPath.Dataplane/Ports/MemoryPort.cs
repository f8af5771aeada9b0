using System;
using System.Collections.Generic;
using FastPath.Dataplane.Engine;
using FastPath.Xdp;

namespace FastPath.Dataplane.Ports;

/// <summary>
/// A port whose device is memory: packets are put in and taken out as byte arrays. For tests, simulation and capture
/// files; not for speed.
/// </summary>
[PerWorker]
public class MemoryPort(string name, int index, Umem umem) : Port(name, index, umem)
{
    private readonly Queue<byte[]> _arriving = new();
    private readonly Queue<byte[]> _sent = new();

    /// <summary>Packets that may wait for <see cref="TryTake"/>; more are refused like by a full ring.</summary>
    public int Capacity { get; init; } = 4096;

    public override int Room => Capacity - _sent.Count - Queue.Count;

    /// <summary>Packets not received yet.</summary>
    public int Arriving => _arriving.Count;

    /// <summary>Lets a frame arrive.</summary>
    public void Inject(ReadOnlySpan<byte> frame) => _arriving.Enqueue(frame.ToArray());

    /// <summary>Takes the oldest frame that was sent.</summary>
    public bool TryTake(out byte[] frame) => _sent.TryDequeue(out frame!);

    public override int Receive(Batch batch, int slot, int budget)
    {
        int packets = 0;
        while (packets < budget && _arriving.TryPeek(out byte[]? frame))
        {
            if (!TryFill(ref batch[slot + packets], frame))
            {
                Counters[PortCounter.RxNoFrame]++;
                break; // the frame waits; a device would drop it
            }

            _arriving.Dequeue();
            packets++;
            Counters[PortCounter.RxPackets]++;
            Counters[PortCounter.RxBytes] += (ulong)frame.Length;
        }

        return packets;
    }

    public override void Flush(Worker worker)
    {
        foreach (ref readonly StagedPacket packet in Queue.Packets)
        {
            byte[] frame = new byte[packet.Length];
            Chain.CopyTo(Umem, packet, frame);
            Umem.ReleasePacket(packet.Frame);
            Counters[PortCounter.TxPackets]++;
            Counters[PortCounter.TxBytes] += packet.Length;
            Sent(frame);
        }

        Queue.Clear();
    }

    public override void Service(Worker worker)
    {
    }

    public override void Retire() => _arriving.Clear();

    /// <summary>Takes a frame that leaves.</summary>
    protected virtual void Sent(byte[] frame) => _sent.Enqueue(frame);

    private bool TryFill(ref Packet packet, ReadOnlySpan<byte> frame)
    {
        if (!Umem.TryTake(out FrameAddress head))
            return false;
        int perChunk = Umem.ChunkBytes - Limits.Headroom;
        int first = Math.Min(perChunk, frame.Length);
        frame[..first].CopyTo(Umem.Bytes(head, Limits.Headroom, first));
        packet = default;
        packet.Frame = head;
        packet.Offset = Limits.Headroom;
        packet.Length = (ushort)frame.Length;
        packet.RxPort = (ushort)Index;
        if (first == frame.Length)
            return true;

        packet.Flags = PacketFlags.Chained;
        Umem.Entry(head).Length = (ushort)first;
        return TryFillRest(head, frame[first..], perChunk);
    }

    private bool TryFillRest(FrameAddress head, ReadOnlySpan<byte> rest, int perChunk)
    {
        FrameAddress last = head;
        while (!rest.IsEmpty)
        {
            if (!Umem.TryTake(out FrameAddress chunk))
            {
                Umem.ReleasePacket(head);
                return false;
            }

            int length = Math.Min(perChunk, rest.Length);
            rest[..length].CopyTo(Umem.Bytes(chunk, Limits.Headroom, length));
            ref FrameEntry entry = ref Umem.Entry(chunk);
            entry.Offset = Limits.Headroom;
            entry.Length = (ushort)length;
            Umem.Entry(last).Next = Umem.IndexOf(chunk) + 1;
            last = chunk;
            rest = rest[length..];
        }

        return true;
    }
}
