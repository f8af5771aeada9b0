using System;
using System.Linq;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Tests.Dataplane.Engine;

public sealed class FrameCopyTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(1514)]
    [InlineData(9000)]
    [InlineData(60_000)]
    public void A_copy_has_the_bytes_and_chunks_of_its_own(int length)
    {
        using Umem source = Umem.Create(new UmemOptions(64)), target = Umem.Create(new UmemOptions(64));
        byte[] bytes = Pattern(length);
        Packet packet = Fill(source, bytes);
        FrameAddress original = packet.Frame;
        Assert.True(FrameCopy.TryCopy(source, ref packet, target));
        Assert.Equal(target.Number, packet.Frame.Umem);
        source.ReleasePacket(original);
        Assert.Equal(source.ChunkCount, source.FreeCount);
        Assert.Equal(bytes, Read(target, packet));
        target.ReleasePacket(packet.Frame);
        Assert.Equal(target.ChunkCount, target.FreeCount);
    }

    [Theory]
    [InlineData(60, 0)]
    [InlineData(9000, 0)]
    [InlineData(9000, 2)]
    public void Without_room_nothing_changes(int length, int left)
    {
        using Umem source = Umem.Create(new UmemOptions(64)), target = Umem.Create(new UmemOptions(64));
        FrameAddress[] taken = [.. Enumerable.Range(0, target.ChunkCount - left).Select(_ => Take(target))];
        Packet packet = Fill(source, Pattern(length));
        FrameAddress original = packet.Frame;
        Assert.False(FrameCopy.TryCopy(source, ref packet, target));
        Assert.Equal(original, packet.Frame);
        Assert.Equal(left, target.FreeCount);
        source.ReleasePacket(original);
        foreach (FrameAddress frame in taken)
            target.Release(frame);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(9000)]
    public void A_shared_packet_is_freed_by_its_last_holder(int length)
    {
        using Umem umem = Umem.Create(new UmemOptions(64));
        Packet packet = Fill(umem, Pattern(length));
        FrameCopy.AddReference(umem, packet.Frame);
        int inUse = umem.ChunkCount - umem.FreeCount;
        umem.ReleasePacket(packet.Frame);
        Assert.Equal(inUse, umem.ChunkCount - umem.FreeCount);
        umem.ReleasePacket(packet.Frame);
        Assert.Equal(umem.ChunkCount, umem.FreeCount);
    }

    private static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(n => (byte)(n * 31 >> 3))];

    private static FrameAddress Take(Umem umem) =>
        umem.TryTake(out FrameAddress frame) ? frame : throw new InvalidOperationException("no chunk");

    /// <summary>A memory port is what spreads a packet over chunks.</summary>
    private static Packet Fill(Umem umem, byte[] bytes)
    {
        using FastPath.Dataplane.Telemetry.CounterBlock counters = new(1);
        using Batch batch = new(counters);
        using MemoryPort port = new("p", 1, umem);
        port.Inject(bytes);
        Assert.Equal(1, port.Receive(batch, 0, 1));
        return batch[0];
    }

    private static byte[] Read(Umem umem, in Packet packet)
    {
        byte[] bytes = new byte[packet.Length];
        StagedPacket staged =
            new() { Frame = packet.Frame, Offset = packet.Offset, Length = packet.Length, Flags = packet.Flags };
        Assert.Equal(packet.Length, Chain.CopyTo(umem, staged, bytes));
        return bytes;
    }
}
