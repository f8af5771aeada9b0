using System;
using System.Collections.Generic;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Tests.Packets;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Ports;

public sealed class FaultPortTests
{
    private static readonly byte[] s_frame = Eth() / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2);

    [Fact]
    public void Without_faults_it_is_as_if_it_were_not_there()
    {
        using Wire wire = new(default);
        Assert.All(wire.Pass(100), frame => Assert.Equal(s_frame, frame));
        Assert.Equal(100, wire.Passed);
        foreach (Fault fault in Enum.GetValues<Fault>())
            Assert.Equal(0, wire.In[fault]);
    }

    [Fact]
    public void Lost_packets_are_those_that_are_counted()
    {
        using Wire wire = new(new FaultRates { ReceiveDrop = 300 }, new FaultRates { TransmitDrop = 200 });
        int passed = wire.Pass(500).Count;
        Assert.InRange(wire.In[Fault.ReceiveDrop], 50, 300);
        Assert.InRange(wire.Out[Fault.TransmitDrop], 25, 250);
        Assert.Equal(500 - wire.In[Fault.ReceiveDrop] - wire.Out[Fault.TransmitDrop], passed);
    }

    [Fact]
    public void Duplicates_come_on_top()
    {
        using Wire wire = new(new FaultRates { Duplicate = 200 });
        List<byte[]> frames = wire.Pass(300);
        Assert.InRange(wire.In[Fault.Duplicate], 20, 200);
        Assert.Equal(300 + wire.In[Fault.Duplicate], frames.Count);
        Assert.All(frames, frame => Assert.Equal(s_frame, frame));
    }

    [Fact]
    public void Truncated_packets_are_beginnings_of_what_came()
    {
        using Wire wire = new(new FaultRates { Truncate = 500 });
        List<byte[]> frames = wire.Pass(200);
        int cut = 0;
        foreach (byte[] frame in frames)
        {
            Assert.Equal(s_frame[..frame.Length], frame);
            cut += frame.Length < s_frame.Length ? 1 : 0;
        }

        Assert.InRange(cut, 1, wire.In[Fault.Truncate]); // those below 14 bytes are dropped by the switch
    }

    [Fact]
    public void A_corrupt_packet_differs_in_one_bit()
    {
        using Wire wire = new(new FaultRates { Corrupt = 1000 });
        foreach (byte[] frame in wire.Pass(50))
        {
            int bits = 0;
            for (int n = 0; n < frame.Length; n++)
                bits += System.Numerics.BitOperations.PopCount((uint)(frame[n] ^ s_frame[n]));
            Assert.Equal(1, bits);
        }
    }

    [Fact]
    public void Delayed_packets_come_later_and_out_of_order_but_come()
    {
        using Wire wire = new(new FaultRates { Delay = 300 });
        List<int> order = [];
        List<byte[]> frames = [];
        for (int n = 0; n < 200; n++)
            frames.Add(Eth() / Ip4("10.0.0.1", "10.0.0.2", id: (ushort)n) / Udp(1, 2));
        foreach (byte[] frame in wire.PassAll(frames))
            order.Add((frame[18] << 8) | frame[19]);
        Assert.NotEqual(0, wire.In[Fault.Delay]);
        List<int> sorted = [.. order];
        sorted.Sort();
        Assert.Equal(200, sorted.Count);
        Assert.NotEqual(sorted, order);
    }

    [Fact]
    public void A_full_ring_is_a_drop_that_the_switch_counts()
    {
        using Wire wire = new(default, new FaultRates { RingFull = 400 });
        int passed = wire.Pass(300).Count;
        Assert.NotEqual(300, passed);
        Assert.NotEqual(0, wire.Out[Fault.RingFull]);
        Assert.Equal(300 - passed, wire.Bench.Dropped(DropReason.TxRingFull));
    }

    [Fact]
    public void A_lost_device_neither_receives_nor_sends_and_returns()
    {
        using Wire wire = new(default);
        wire.Out.Lose(turns: 3);
        Assert.Empty(wire.Pass(1));
        wire.Bench.Run();
        wire.Bench.Worker.PollOnce();
        Assert.False(wire.Out.IsLost);
        Assert.Single(wire.Pass(1));
    }

    [Fact]
    public void A_port_that_retires_gives_delayed_frames_back()
    {
        using Wire wire = new(new FaultRates { Delay = 1000 });
        wire.Inner.Inject(s_frame);
        wire.Bench.Worker.PollOnce();
        Assert.Equal(1, wire.In.Delayed);
        Assert.Equal(wire.Bench.Umem.ChunkCount - 1, wire.Bench.Umem.FreeCount);
        wire.In.Retire();
        Assert.Equal(wire.Bench.Umem.ChunkCount, wire.Bench.Umem.FreeCount);
    }

    /// <summary>Two ports of one bridge, each behind faults.</summary>
    private sealed class Wire : IDisposable
    {
        private readonly MemoryPort _to;

        public Wire(FaultRates received, FaultRates sent = default)
        {
            Inner = new MemoryPort("in", 1, Bench.Umem);
            _to = new MemoryPort("out", 2, Bench.Umem);
            In = new FaultPort(Inner, seed: 1) { Rates = received };
            Out = new FaultPort(_to, seed: 2) { Rates = sent };
            PortEntry entry = new() { Kind = PortKind.Device, Bridge = 1, Learns = true, Mtu = 1500 };
            Bench.State.Root.Publish(new SwitchTables
            {
                Generation = 1,
                Ports = [default, entry, entry],
                Devices = [[null, In, Out]],
                Senders = new byte[3],
                Bridges = [default, new BridgeEntry { Members = [1, 2] }],
                AgingSeconds = [300, 300],
                Receivers = [[In, Out]],
            });
        }

        public SwitchBench Bench { get; } = new();

        public MemoryPort Inner { get; }

        public FaultPort In { get; }

        public FaultPort Out { get; }

        public int Passed { get; private set; }

        public List<byte[]> Pass(int count)
        {
            List<byte[]> frames = [];
            for (int n = 0; n < count; n++)
                frames.Add(s_frame);
            return PassAll(frames);
        }

        public List<byte[]> PassAll(List<byte[]> frames)
        {
            List<byte[]> sent = [];
            foreach (byte[] frame in frames)
            {
                Inner.Inject(frame);
                Bench.Worker.PollOnce();
            }

            In.Rates = default;
            for (int turn = 0; turn < 100 || In.Delayed != 0; turn++)
                Bench.Worker.PollOnce();
            while (_to.TryTake(out byte[] frame))
                sent.Add(frame);
            Passed += sent.Count;
            return sent;
        }

        public void Dispose()
        {
            Bench.Dispose();
            In.Dispose();
            Out.Dispose();
        }
    }
}
