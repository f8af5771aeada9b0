using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Testing;
using FastPath.Tests.Packets;
using FastPath.Xdp;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Engine;

public sealed class FrameAuditTests
{
    private static readonly XdpSocketOptions s_rings =
        new() { RxEntries = 64, FillEntries = 64, TxEntries = 64, CompletionEntries = 64, Port = 1 };

    [Fact]
    public void An_account_that_is_right_says_nothing()
    {
        using Umem umem = Umem.Create(new UmemOptions(256));
        using MemoryKernel kernel = new(umem, s_rings);
        using XdpPort port = new("p", 1, kernel.Socket);
        port.Prime();
        Assert.Equal("", FrameAudit.Check(umem, new Port[] { port }, heldPackets: 0));
    }

    /// <summary>Between the generation without it and its retirement, no table explains what a port holds.</summary>
    [Fact]
    public void A_port_that_retires_is_no_fault()
    {
        using Umem umem = Umem.Create(new UmemOptions(256));
        using MemoryKernel kernel = new(umem, s_rings);
        using XdpPort port = new("p", 1, kernel.Socket);
        using SwitchState state = new(Graph.Discover(), new ManualClock(), new FdbTable(64, 1),
            new NeighborTable(64, 1));
        state.Umems[umem.Number] = umem;
        using Worker worker = new(state, 0, umem);
        state.Root.Publish(new SwitchTables { Generation = 1, Receivers = [[port]] });
        worker.PollOnce();
        worker.AuditFrames();
        Assert.Equal(1UL, worker.Counters[Counter.FrameAudits]);

        state.Root.Publish(new SwitchTables { Generation = 2, Receivers = [[]] });
        worker.PollOnce();
        worker.AuditFrames();
        worker.Retire(port);
        worker.AuditFrames();

        Assert.Equal(0UL, worker.Counters[Counter.FrameFaults]);
        Assert.Equal(2UL, worker.Counters[Counter.FrameAudits]);
    }

    [Fact]
    public void A_packet_of_several_chunks_on_its_way_to_another_worker_is_no_fault()
    {
        using WorkersBench bench = new(workers: 2);
        MemoryPort a = bench.BridgePort(0);
        bench.BridgePort(1);
        bench.Commit();
        a.Inject(Eth() / Raw(new byte[9000]));
        Worker sender = bench.Workers[0];
        sender.PollOnce();
        Assert.Equal(1UL, sender.Counters[Counter.HandedOut]);
        sender.AuditFrames();
        Assert.Equal(0UL, sender.Counters[Counter.FrameFaults]);
        bench.Run();
    }

    [Fact]
    public void A_chunk_that_nobody_holds_is_found()
    {
        using Umem umem = Umem.Create(new UmemOptions(256));
        Assert.True(umem.TryTake(out FrameAddress lost));
        Assert.Contains("1 chunks are in a batch", FrameAudit.Check(umem, [], heldPackets: 0),
            System.StringComparison.Ordinal);
        umem.Entry(lost).Owner = FrameOwner.Free;
        Assert.Contains("are free", FrameAudit.Check(umem, [], heldPackets: 0), System.StringComparison.Ordinal);
        umem.Entry(lost).Owner = FrameOwner.Receive;
        Assert.Contains("posted", FrameAudit.Check(umem, [], heldPackets: 0), System.StringComparison.Ordinal);
        umem.Entry(lost).Owner = FrameOwner.Transmit;
        Assert.Contains("transmit", FrameAudit.Check(umem, [], heldPackets: 0), System.StringComparison.Ordinal);
    }
}
