using System;
using System.Collections.Generic;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Testing;
using FastPath.Xdp;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Ports;

/// <summary>The real port on rings whose kernel is the test.</summary>
public sealed class XdpPortTests : IDisposable
{
    private static readonly XdpSocketOptions s_rings =
        new() { RxEntries = 64, FillEntries = 64, TxEntries = 64, CompletionEntries = 64, Port = 1 };

    private readonly Umem _umem = Umem.Create(new UmemOptions(256));
    private readonly MemoryKernel _in;
    private readonly MemoryKernel _out;
    private readonly XdpPort[] _ports;
    private readonly SwitchState _state;
    private readonly Worker _worker;

    public XdpPortTests()
    {
        _in = new MemoryKernel(_umem, s_rings);
        _out = new MemoryKernel(_umem, s_rings with { Port = 2 }) { Sent = new Queue<byte[]>() };
        _ports = [new XdpPort("in", 1, _in.Socket), new XdpPort("out", 2, _out.Socket)];
        _state = new SwitchState(Graph.Discover(), new ManualClock(), new FdbTable(64, 1), new NeighborTable(64, 1));
        _state.Umems[_umem.Number] = _umem;
        _worker = new Worker(_state, 0, _umem);
        PortEntry bridged = new() { Kind = PortKind.Device, Bridge = 1, Mtu = 1500 };
        _state.Root.Publish(new SwitchTables
        {
            Generation = 1,
            Ports = [default, bridged, bridged],
            Devices = [[null, .. _ports]],
            Senders = new byte[3],
            Bridges = [default, new BridgeEntry { Members = [1, 2] }],
            AgingSeconds = [300, 300],
            Receivers = [[.. _ports]],
        });
        _worker.PollOnce();
    }

    [Fact]
    public void A_frame_crosses_and_its_chunk_is_posted_again()
    {
        byte[] frame = Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2);
        for (int n = 0; n < 1000; n++)
        {
            Assert.True(_in.TryDeliver(frame));
            _worker.PollOnce();
            Assert.Equal(frame, _out.Sent!.Dequeue());
        }
    }

    /// <summary>
    /// Topped up by what the kernel had taken, a flooded port had a full fill ring beside a full RX ring.
    /// </summary>
    [Fact]
    public void A_flooded_port_holds_no_more_chunks_than_its_fill_ring_has_places()
    {
        byte[] frame = Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2);
        int delivered = 0;
        for (; _in.TryDeliver(frame); delivered++)
            _ports[0].Service(_worker);
        Assert.Equal(64, delivered);
        Assert.Equal(64, _ports[0].PostedChunks);

        _worker.PollOnce(); // reads all of them and posts as many
        Assert.Equal(64, _ports[0].PostedChunks);
        Assert.True(_in.TryDeliver(frame));
    }

    [Fact]
    public void A_packet_whose_last_chunk_comes_later_waits_for_it_and_leaves_whole()
    {
        byte[] frame = Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2, payload: 300);
        Assert.True(_in.TryDeliver(frame.AsSpan(0, 200), isContinued: true));
        _worker.PollOnce();
        Assert.Empty(_out.Sent!);
        Assert.True(_in.TryDeliver(frame.AsSpan(200)));
        _worker.PollOnce();
        _worker.PollOnce();
        Assert.Equal(frame, (byte[])[.. _out.Sent!.Dequeue(), .. _out.Sent.Dequeue()]);
    }

    [Fact]
    public void A_length_that_leads_out_of_the_chunk_is_refused_and_the_chunk_comes_home()
    {
        byte[] frame = Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2);
        Assert.True(_in.TryDeliver(frame, lengthError: (uint)_umem.ChunkBytes - 256));
        const uint Wraps = uint.MaxValue - 255; // added to the offset in 32 bits, it would be inside
        Assert.True(_in.TryDeliver(frame, lengthError: Wraps - (uint)frame.Length));
        Assert.True(_in.TryDeliver(frame.AsSpan(0, 20), isContinued: true));
        Assert.True(_in.TryDeliver(frame.AsSpan(20), lengthError: 65_536));
        _worker.PollOnce();
        Assert.Empty(_out.Sent!);
        Assert.Equal(3UL, _ports[0].Counters[PortCounter.BadReceive]);
        Assert.Equal("", FrameAudit.Check(_umem, [.. _ports], heldPackets: 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_packet_of_which_one_chunk_is_refused_costs_that_chunk_and_no_other(int bad)
    {
        byte[] frame = Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2, payload: 300);
        for (int n = 0; n < 3; n++)
        {
            ulong error = n == bad ? 1UL << 40 : 0;
            Assert.True(_in.TryDeliver(frame.AsSpan(n * 100, 100), isContinued: n != 2, addressError: error));
        }

        _worker.PollOnce();
        Assert.Empty(_out.Sent!);
        Assert.Equal(1UL, _ports[0].Counters[PortCounter.BadReceive]);
        int[] owners = new int[6];
        _umem.Count(owners);
        int posted = _ports[0].PostedChunks + _ports[1].PostedChunks;
        Assert.Equal(posted + 1, owners[(int)FrameOwner.Receive]); // nobody knows which one it was
    }

    [Fact]
    public void Forwards_without_allocating()
    {
        byte[] frame = Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2);
        _out.Sent = null;
        Forward(frame, 1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Forward(frame, 1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void What_the_device_refuses_waits_and_is_sent_later()
    {
        byte[] frame = Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2);
        for (int n = 0; n < 8; n++) // four at the flush, four at the end of the turn
            _out.Refusals.Enqueue(KickResult.Again);
        Assert.True(_in.TryDeliver(frame));
        _worker.PollOnce();
        Assert.True(_ports[1].HasUnsent);
        Assert.Empty(_out.Sent!);
        _worker.PollOnce();
        Assert.Equal(frame, _out.Sent!.Dequeue());
        Assert.False(_ports[1].HasUnsent);
        Assert.Equal(8UL, _ports[1].Counters[PortCounter.TxAgain]);
    }

    [Theory]
    [InlineData(KickResult.Dropped, PortCounter.TxDeviceDropped)]
    [InlineData(KickResult.NoMemory, PortCounter.TxNoMemory)]
    [InlineData(KickResult.DeviceDown, PortCounter.TxDeviceDown)]
    [InlineData(KickResult.Unbound, PortCounter.TxUnbound)]
    [InlineData(KickResult.Interrupted, PortCounter.TxUnexpected)]
    public void Each_refusal_of_the_kernel_has_its_counter(KickResult refusal, PortCounter counter)
    {
        _out.Refusals.Enqueue(refusal);
        Assert.True(_in.TryDeliver(Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2)));
        _worker.PollOnce();
        Assert.Equal(1UL, _ports[1].Counters[counter]);
        _worker.PollOnce();
    }

    [Fact]
    public void A_receiver_that_keeps_packets_costs_drops_under_one_reason_and_no_chunk()
    {
        _out.KeepsCompletions = true;
        byte[] frame = Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2);
        for (int n = 0; n < 200; n++)
        {
            if (_in.TryDeliver(frame))
                _worker.PollOnce();
        }

        Assert.True(_worker.Counters.Drops(_worker.Graph.NumberOf("port-output"), DropReason.TxRingFull) > 0);
        _out.KeepsCompletions = false;
        _out.Complete();
        _worker.PollOnce();
        Assert.True(_in.TryDeliver(frame));
        _worker.PollOnce();
    }

    [Theory]
    [InlineData(0x0000_7FFF_0000_0000)] // outside the memory
    [InlineData(4032)] // a chunk of ours that was not sent
    public void A_completion_of_what_was_not_sent_is_counted_and_frees_nothing(long address)
    {
        _out.KeepsCompletions = true;
        Assert.True(_in.TryDeliver(Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2)));
        _worker.PollOnce();
        int free = _umem.FreeCount;
        _out.CompleteStray((ulong)address);
        _worker.PollOnce();
        Assert.Equal(1UL, _ports[1].Counters[PortCounter.BadCompletion]);
        Assert.Equal(free + 1, _umem.FreeCount); // the chunk that was sent, and no other
    }

    public void Dispose()
    {
        foreach (XdpPort port in _ports)
            port.Retire();
        Assert.Equal(_umem.ChunkCount, _umem.FreeCount);
        foreach (XdpPort port in _ports)
            port.Dispose();
        _in.Dispose();
        _out.Dispose();
        _worker.Dispose();
        _state.Dispose();
        _umem.Dispose();
    }

    private void Forward(byte[] frame, int count)
    {
        for (int n = 0; n < count; n++)
        {
            Assert.True(_in.TryDeliver(frame));
            _worker.PollOnce();
        }
    }
}
