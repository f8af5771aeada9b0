using System;
using FastPath.Dataplane.Engine;
using FastPath.Xdp;

namespace FastPath.Dataplane.Ports;

/// <summary>One packet on its way out of a port: the first half of a <see cref="Packet"/>.</summary>
[PerWorker]
public struct StagedPacket
{
    public FrameAddress Frame;
    public ushort Offset;
    public ushort Length;
    public PacketFlags Flags;
}

/// <summary>Packets that nodes have given to one port in this turn, in order.</summary>
[PerWorker]
public sealed class TransmitQueue
{
    private readonly StagedPacket[] _packets = new StagedPacket[Limits.BatchPackets];
    private int _count;

    public int Count => _count;

    /// <summary>The staged packets.</summary>
    public ReadOnlySpan<StagedPacket> Packets => _packets.AsSpan(0, _count);

    /// <summary>Adds a packet; the caller flushes at <see cref="Limits.TransmitFlush"/>, which is what fits.</summary>
    public void Add(in Packet packet)
    {
        ref StagedPacket staged = ref _packets[_count++];
        staged.Frame = packet.Frame;
        staged.Offset = packet.Offset;
        staged.Length = packet.Length;
        staged.Flags = packet.Flags;
    }

    /// <summary>Adds a packet that another port's queue held.</summary>
    internal void Add(in StagedPacket packet) => _packets[_count++] = packet;

    public void Clear() => _count = 0;
}
