using FastPath.Dataplane;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Tests.Dataplane.Ports;

public sealed class TransmitQueueTests
{
    [Fact]
    public void Packets_are_staged_in_order_with_all_that_a_port_needs()
    {
        TransmitQueue queue = new();
        for (int n = 0; n < Limits.TransmitFlush; n++)
            queue.Add(new Packet
            {
                Frame = new FrameAddress((ulong)n),
                Offset = 10,
                Length = 60,
                Flags =
                PacketFlags.Chained
            });
        Assert.Equal(Limits.TransmitFlush, queue.Count);
        for (int n = 0; n < queue.Count; n++)
        {
            StagedPacket staged = queue.Packets[n];
            Assert.Equal(((ulong)n, 10, 60, PacketFlags.Chained),
                (staged.Frame.Value, staged.Offset, staged.Length, staged.Flags));
        }

        queue.Clear();
        Assert.True(queue.Packets.IsEmpty);
    }
}
