using System;
using System.Collections.Generic;
using FastPath.Dataplane;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Telemetry;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Tests.Dataplane.Engine;

public sealed class BatchTests : IDisposable
{
    private readonly CounterBlock _counters = new(4);
    private readonly Batch _batch;

    public BatchTests() => _batch = new Batch(_counters);

    public void Dispose()
    {
        _batch.Dispose();
        _counters.Dispose();
    }

    [Fact]
    public void Nodes_are_walked_from_the_lowest_number_up_and_packets_meet_again()
    {
        _batch.Enter(PacketSet.First(3), new Edge(0));
        Assert.Equal(0, _batch.Next(out PacketSet packets));
        Assert.Equal(PacketSet.First(3).Bits, packets.Bits);
        _batch.Send(0, new Edge(2));
        _batch.Send(1, new Edge(1));
        _batch.Send(2, new Edge(2));
        _batch.End(packets);
        Assert.Equal(1, _batch.Next(out packets));
        Assert.Equal(0b010UL, packets.Bits);
        _batch.Send(1, new Edge(2));
        _batch.End(packets);
        Assert.Equal(2, _batch.Next(out packets));
        Assert.Equal(0b111UL, packets.Bits);
        foreach (int slot in packets)
            _batch.Consume(slot);
        _batch.End(packets);
        Assert.Equal(-1, _batch.Next(out _));
    }

    [Fact]
    public void A_packet_that_stays_in_a_node_is_noticed()
    {
        _batch.Enter(PacketSet.First(2), new Edge(0));
        _batch.Next(out PacketSet packets);
        _batch.Drop(0, DropReason.NoRoute);
        AssertBroken(packets);
    }

    [Fact]
    public void A_packet_that_leaves_twice_is_noticed()
    {
        _batch.Enter(PacketSet.First(1), new Edge(0));
        _batch.Next(out PacketSet packets);
        _batch.Send(0, new Edge(1));
        _batch.Drop(0, DropReason.NoRoute);
        AssertBroken(packets);
    }

    private void AssertBroken(PacketSet packets) =>
        Assert.Contains("leaves a node once", Assert.ThrowsAny<Exception>(() => _batch.End(packets)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_drop_is_counted_at_its_node_under_its_reason()
    {
        _batch.Enter(PacketSet.First(2), new Edge(3));
        _batch.Next(out PacketSet packets);
        _batch.Drop(0, DropReason.NoRoute);
        _batch.Drop(1, DropReason.TtlExpired);
        _batch.End(packets);
        Assert.Equal((1UL, 1UL),
            (_counters.ReadDrops(3, DropReason.NoRoute), _counters.ReadDrops(3, DropReason.TtlExpired)));
        Assert.Equal(2UL, _counters[Counter.Dropped]);
    }

    [Fact]
    public void Going_back_is_possible_four_times()
    {
        List<int> nodes = [];
        _batch[0].Depth = 0;
        _batch.Enter(PacketSet.First(1), new Edge(0));
        while (_batch.Next(out PacketSet packets) is var node && node >= 0)
        {
            nodes.Add(node);
            _batch.SendBack(0, new Edge(0));
            _batch.End(packets);
        }

        Assert.Equal(Limits.DepthMax + 1, nodes.Count);
        Assert.Equal(1UL, _counters.ReadDrops(0, DropReason.TooDeep));
    }

    [Fact]
    public void Bytes_are_put_in_front_and_taken_off()
    {
        using Umem umem = Umem.Create(new UmemOptions(64));
        Assert.True(umem.TryTake(out FrameAddress frame));
        _batch[5] = new Packet { Frame = frame, Offset = Limits.Headroom, Length = 60 };
        _batch.Header<byte>(5, Limits.Headroom) = 0xAB;
        _batch.Prepend(5, 14);
        Assert.Equal((Limits.Headroom - 14, 74), (_batch[5].Offset, _batch[5].Length));
        Assert.Equal(0xAB, _batch.Bytes(5)[14]);
        _batch.TrimFront(5, 20);
        Assert.Equal((Limits.Headroom + 6, 54), (_batch[5].Offset, _batch[5].Length));
        Assert.Equal(54, _batch.Bytes(5).Length);
        umem.Release(frame);
    }

    [Fact]
    public void The_bytes_of_a_long_packet_end_with_its_first_chunk()
    {
        using Umem umem = Umem.Create(new UmemOptions(64));
        Assert.True(umem.TryTake(out FrameAddress frame));
        _batch[0] = new Packet { Frame = frame, Offset = Limits.Headroom, Length = 60_000 };
        Assert.InRange(_batch.Bytes(0).Length, Limits.ChunkPayloadMin, umem.ChunkBytes - Limits.Headroom);
        umem.Release(frame);
    }
}
