using System;
using FastPath.Dataplane;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Xdp;

namespace FastPath.Tests.Packets;

/// <summary>A port that receives one frame over and over and forgets what it sends, without allocating.</summary>
public sealed class QuietPort(string name, int index, Umem umem) : MemoryPort(name, index, umem)
{
    private byte[] _frame = [];
    private int _left;

    public int SentCount { get; private set; }

    /// <summary>Lets the frame arrive a number of times.</summary>
    public void Arrive(byte[] frame, int times)
    {
        _frame = frame;
        _left = times;
    }

    public override int Room => Limits.BatchPackets;

    public override int Receive(Batch batch, int slot, int budget)
    {
        int packets = Math.Min(budget, _left);
        _left -= packets;
        for (int n = 0; n < packets; n++)
            Fill(ref batch[slot + n]);
        return packets;
    }

    public override void Flush(Worker worker)
    {
        foreach (ref readonly StagedPacket packet in Queue.Packets)
            Umem.ReleasePacket(packet.Frame);
        SentCount += Queue.Count;
        Queue.Clear();
    }

    private void Fill(ref Packet packet)
    {
        if (!Umem.TryTake(out FrameAddress frame))
            throw new InvalidOperationException("frames are lost");
        _frame.CopyTo(Umem.Bytes(frame, Limits.Headroom, _frame.Length));
        packet = default;
        packet.Frame = frame;
        packet.Offset = Limits.Headroom;
        packet.Length = (ushort)_frame.Length;
        packet.RxPort = (ushort)Index;
    }
}
