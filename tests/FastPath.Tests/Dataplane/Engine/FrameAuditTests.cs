using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Testing;
using FastPath.Xdp;
using Xunit;

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
