using System.Linq;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Telemetry;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Tests.Dataplane.Ports;

public sealed class ChainTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3776, 1)] // 4,032 bytes less the headroom
    [InlineData(3777, 2)]
    [InlineData(7553, 3)]
    [InlineData(65_000, 18)]
    public void A_packet_is_read_over_all_its_chunks(int length, int chunks)
    {
        using Umem umem = Umem.Create(new UmemOptions(64));
        using CounterBlock counters = new(1);
        using Batch batch = new(counters);
        using MemoryPort port = new("p", 1, umem);
        byte[] bytes = [.. Enumerable.Range(0, length).Select(n => (byte)(n * 7 >> 2))];
        port.Inject(bytes);
        Assert.Equal(1, port.Receive(batch, 0, 1));
        ref Packet packet = ref batch[0];
        Assert.Equal(chunks, Chain.Count(umem, packet.Frame));
        Assert.Equal(chunks > 1, (packet.Flags & PacketFlags.Chained) != 0);
        StagedPacket staged =
            new() { Frame = packet.Frame, Offset = packet.Offset, Length = packet.Length, Flags = packet.Flags };
        byte[] read = new byte[length];
        Assert.Equal(length, Chain.CopyTo(umem, staged, read));
        Assert.Equal(bytes, read);
        Assert.Equal(System.Math.Min(length, 3776), Chain.FirstLength(umem, staged.Frame, staged.Length));
        umem.ReleasePacket(packet.Frame);
        Assert.Equal(umem.ChunkCount, umem.FreeCount);
    }

    /// <summary>Nodes move the front of a packet; the chunks behind stay as they were.</summary>
    [Theory]
    [InlineData(-50)]
    [InlineData(14)]
    public void The_first_part_follows_the_packets_front(int moved)
    {
        using Umem umem = Umem.Create(new UmemOptions(64));
        using CounterBlock counters = new(1);
        using Batch batch = new(counters);
        using MemoryPort port = new("p", 1, umem);
        port.Inject(new byte[9000]);
        Assert.Equal(1, port.Receive(batch, 0, 1));
        StagedPacket staged = new()
        {
            Frame = batch[0].Frame,
            Offset = (ushort)(batch[0].Offset + moved),
            Length = (ushort)(batch[0].Length - moved),
            Flags = batch[0].Flags,
        };
        Assert.Equal(3776 - moved, Chain.FirstLength(umem, staged.Frame, staged.Length));
        Assert.Equal(9000 - moved, Chain.CopyTo(umem, staged, new byte[9000 - moved]));
        umem.ReleasePacket(staged.Frame);
    }
}
