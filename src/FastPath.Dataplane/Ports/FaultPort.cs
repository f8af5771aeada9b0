using System;
using System.Collections.Generic;
using FastPath.Dataplane.Engine;
using FastPath.Xdp;

namespace FastPath.Dataplane.Ports;

/// <summary>
/// A port whose device misbehaves: wraps another and loses, repeats, cuts, damages and delays packets, lets the ring be
/// full and the device vanish and return. The same seed gives the same faults. For tests and simulation.
/// </summary>
[PerWorker]
public sealed class FaultPort(Port inner, ulong seed) : Port(inner.Name, inner.Index, inner.Umem)
{
    private const int LossTurnsMax = 20;
    private const int DelayedMax = 32;

    private readonly SeededRandom _random = new(seed);
    private readonly Queue<Packet> _later = new();
    private readonly long[] _counts = new long[Enum.GetValues<Fault>().Length];
    private bool _isFull;
    private int _lostTurns;

    /// <summary>What happens how often from now on.</summary>
    public FaultRates Rates { get; set; }

    /// <summary>Times a fault happened.</summary>
    public long this[Fault fault] => _counts[(int)fault];

    /// <summary>Packets delayed now; their frames are owned as held.</summary>
    public int Delayed => _later.Count;

    public bool IsLost => _lostTurns != 0;

    public override int WaitDescriptor => inner.WaitDescriptor;

    public override bool HasUnsent => inner.HasUnsent;

    public override int Room => _isFull ? 0 : inner.Room - Queue.Count;

    /// <summary>Takes the device away for so many turns of the worker.</summary>
    public void Lose(int turns)
    {
        _lostTurns = turns;
        _counts[(int)Fault.Loss]++;
    }

    public override int Receive(Batch batch, int slot, int budget)
    {
        if (IsLost || budget == 0)
            return 0;
        // Packets of earlier turns come first, or behind the new ones: both orders happen on real devices.
        bool delayedFirst = _random.Permille(500);
        int due = _random.Below(_later.Count + 1);
        int filled = delayedFirst ? Redeliver(batch, slot, Math.Min(due, budget)) : 0;
        int received = inner.Receive(batch, slot + filled, budget - filled);
        int end = slot + filled + received;
        int kept = slot + filled;
        for (int at = kept; at < end; at++)
        {
            Packet packet = batch[at];
            if (Keeps(ref packet))
                batch[kept++] = packet;
        }

        filled = kept - slot;
        return delayedFirst ? filled : filled + Redeliver(batch, kept, Math.Min(due, budget - filled));
    }

    public override void Flush(Worker worker)
    {
        foreach (ref readonly StagedPacket packet in Queue.Packets)
        {
            if (IsLost)
                Umem.ReleasePacket(packet.Frame);
            else if (Happens(Fault.TransmitDrop, Rates.TransmitDrop))
                Umem.ReleasePacket(packet.Frame);
            else
                inner.Queue.Add(packet);
        }

        Queue.Clear();
        inner.Flush(worker);
    }

    public override void Service(Worker worker)
    {
        inner.Service(worker);
        _isFull = Happens(Fault.RingFull, Rates.RingFull);
        if (IsLost)
            _lostTurns--;
        else if (Rates.Loss != 0 && _random.Permille(Rates.Loss))
            Lose(1 + _random.Below(LossTurnsMax));
    }

    public override void Retire()
    {
        while (_later.TryDequeue(out Packet packet))
            Umem.ReleasePacket(packet.Frame);
        inner.Retire();
    }

    public override void Dispose()
    {
        inner.Dispose();
        base.Dispose();
    }

    /// <summary>Lets faults happen to a received packet; false when it does not arrive now.</summary>
    private bool Keeps(ref Packet packet)
    {
        if (Happens(Fault.ReceiveDrop, Rates.ReceiveDrop))
        {
            Umem.ReleasePacket(packet.Frame);
            return false;
        }

        if (packet.Length > 1 && (packet.Flags & PacketFlags.Chained) == 0 && Happens(Fault.Truncate, Rates.Truncate))
            packet.Length = (ushort)(1 + _random.Below(packet.Length - 1));
        if (packet.Length > 0 && Happens(Fault.Corrupt, Rates.Corrupt))
            FlipBit(packet);
        if (_later.Count < DelayedMax && Happens(Fault.Duplicate, Rates.Duplicate))
            Duplicate(packet);
        if (_later.Count == DelayedMax || !Happens(Fault.Delay, Rates.Delay))
            return true;
        Keep(packet);
        return false;
    }

    private void FlipBit(in Packet packet)
    {
        int inFirst = Math.Min((int)packet.Length, Limits.ChunkPayloadMin);
        Umem.Bytes(packet.Frame, packet.Offset, inFirst)[_random.Below(inFirst)] ^= (byte)(1 << _random.Below(8));
    }

    private void Duplicate(in Packet packet)
    {
        Packet copy = packet;
        if (FrameCopy.TryCopy(Umem, ref copy, Umem))
            Keep(copy);
    }

    private void Keep(in Packet packet)
    {
        Chain.SetOwner(Umem, packet.Frame, FrameOwner.Held);
        _later.Enqueue(packet);
    }

    private int Redeliver(Batch batch, int slot, int count)
    {
        for (int n = 0; n < count; n++)
        {
            Packet packet = _later.Dequeue();
            Chain.SetOwner(Umem, packet.Frame, FrameOwner.Batch);
            batch[slot + n] = packet;
        }

        return count;
    }

    private bool Happens(Fault fault, int permille)
    {
        if (permille == 0 || !_random.Permille(permille))
            return false;
        _counts[(int)fault]++;
        return true;
    }
}
