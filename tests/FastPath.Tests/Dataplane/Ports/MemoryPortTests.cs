using System.Linq;
using FastPath.Dataplane;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Telemetry;
using FastPath.Tests.Packets;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Tests.Dataplane.Ports;

public sealed class MemoryPortTests
{
    [Fact]
    public void Receives_in_order_and_within_the_budget()
    {
        using SwitchBench bench = new();
        using CounterBlock counters = new(1);
        using Batch batch = new(counters);
        using MemoryPort port = new("p", 7, bench.Umem);
        for (int n = 0; n < 10; n++)
            port.Inject([(byte)n, .. new byte[59]]);
        Assert.Equal(4, port.Receive(batch, 8, 4));
        Assert.Equal(6, port.Arriving);
        for (int n = 0; n < 4; n++)
        {
            Assert.Equal(n, batch.Bytes(8 + n)[0]);
            Assert.Equal((7, 60), (batch[8 + n].RxPort, batch[8 + n].Length));
            bench.Umem.ReleasePacket(batch[8 + n].Frame);
        }

        Assert.Equal((4UL, 240UL),
            (port.Counters.Read(PortCounter.RxPackets), port.Counters.Read(PortCounter.RxBytes)));
        port.Retire();
        Assert.Equal(0, port.Arriving);
    }

    [Fact]
    public void A_packet_that_finds_no_chunk_waits()
    {
        using Umem umem = Umem.Create(new UmemOptions(64));
        using CounterBlock counters = new(1);
        using Batch batch = new(counters);
        using MemoryPort port = new("p", 1, umem);
        FrameAddress[] taken = [.. Enumerable.Range(0, umem.ChunkCount - 1).Select(_ =>
            umem.TryTake(out FrameAddress frame) ? frame : default)];
        port.Inject(new byte[9000]);
        Assert.Equal(0, port.Receive(batch, 0, 1));
        Assert.Equal((1, 1UL), (umem.FreeCount, port.Counters.Read(PortCounter.RxNoFrame)));
        foreach (FrameAddress frame in taken)
            umem.Release(frame);
        Assert.Equal(1, port.Receive(batch, 0, 1));
        umem.ReleasePacket(batch[0].Frame);
        Assert.Equal(umem.ChunkCount, umem.FreeCount);
    }

    [Fact]
    public void What_is_staged_is_sent_as_bytes_and_its_frame_comes_home()
    {
        using SwitchBench bench = new();
        using MemoryPort port = new("p", 1, bench.Umem) { Capacity = 2 };
        Assert.Equal(2, port.Room);
        Assert.True(bench.Umem.TryTake(out FrameAddress frame));
        bench.Umem.Bytes(frame, Limits.Headroom, 60).Fill(9);
        port.Queue.Add(new Packet { Frame = frame, Offset = Limits.Headroom, Length = 60 });
        Assert.Equal(1, port.Room);
        port.Flush(bench.Worker);
        Assert.Equal(1, port.Room);
        Assert.True(port.TryTake(out byte[] sent));
        Assert.Equal(Enumerable.Repeat((byte)9, 60), sent);
        Assert.False(port.TryTake(out _));
        Assert.Equal((1UL, 60UL), (port.Counters.Read(PortCounter.TxPackets), port.Counters.Read(PortCounter.TxBytes)));
    }

    [Fact]
    public void A_port_that_is_gone_reads_as_zero()
    {
        PortCounters counters = new();
        counters[PortCounter.TxAgain] = 3;
        Assert.Equal(3UL, counters.Read(PortCounter.TxAgain));
        counters.Dispose();
        Assert.Equal(0UL, counters.Read(PortCounter.TxAgain));
    }
}
