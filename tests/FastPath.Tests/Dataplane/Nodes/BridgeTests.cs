using System.Collections.Generic;
using System.Linq;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Telemetry;
using FastPath.Tests.Packets;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Nodes;

public sealed class BridgeTests
{
    [Fact]
    public void An_unknown_destination_is_flooded_and_a_learned_one_is_not()
    {
        using SwitchBench bench = new();
        MemoryPort a = bench.BridgePort(1), b = bench.BridgePort(1), c = bench.BridgePort(1), other =
            bench.BridgePort(2);
        bench.Commit();

        byte[] toB = Eth(MacB, MacA) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2);
        bench.Receive(a, toB);
        Assert.Equal(toB, SwitchBench.Only(b));
        Assert.Equal(toB, SwitchBench.Only(c));
        SwitchBench.Nothing(a);
        SwitchBench.Nothing(other);

        byte[] toA = Eth(MacA, MacB) / Ip4("10.0.0.2", "10.0.0.1") / Udp(2, 1);
        bench.Receive(b, toA);
        Assert.Equal(toA, SwitchBench.Only(a));
        SwitchBench.Nothing(c);

        bench.Receive(a, toB);
        Assert.Equal(toB, SwitchBench.Only(b));
        SwitchBench.Nothing(c);
    }

    [Fact]
    public void A_station_that_moves_is_found_on_its_new_port()
    {
        using SwitchBench bench = new();
        MemoryPort a = bench.BridgePort(1), b = bench.BridgePort(1), c = bench.BridgePort(1);
        bench.Commit();
        bench.Receive(a, Eth("ff:ff:ff:ff:ff:ff", MacA));
        bench.Receive(c, Eth("ff:ff:ff:ff:ff:ff", MacA));
        foreach (MemoryPort port in new[] { a, b, b, c })
            Assert.True(port.TryTake(out _));
        bench.Receive(b, Eth(MacA, MacB));
        SwitchBench.Only(c);
        SwitchBench.Nothing(a);
    }

    [Fact]
    public void A_frame_for_a_station_on_the_same_port_is_not_sent_back()
    {
        using SwitchBench bench = new();
        MemoryPort a = bench.BridgePort(1);
        MemoryPort b = bench.BridgePort(1);
        bench.Commit();
        bench.Receive(a, Eth("ff:ff:ff:ff:ff:ff", MacA));
        SwitchBench.Only(b);
        bench.Receive(a, Eth(MacA, MacB));
        Assert.Equal(1, bench.Dropped(DropReason.SamePort));
        SwitchBench.Nothing(a);
        SwitchBench.Nothing(b);
    }

    [Fact]
    public void Reserved_groups_stay_on_their_link()
    {
        using SwitchBench bench = new();
        MemoryPort a = bench.BridgePort(1);
        MemoryPort b = bench.BridgePort(1);
        bench.Commit();
        bench.Receive(a, Eth("01:80:c2:00:00:00", MacA));
        bench.Receive(a, Eth("01:80:c2:00:00:0e", MacA));
        Assert.Equal(2, bench.Dropped(DropReason.ReservedMulticast));
        bench.Receive(a, Eth("01:80:c2:00:00:10", MacA));
        SwitchBench.Only(b);
    }

    [Fact]
    public void Malformed_frames_have_their_reasons()
    {
        using SwitchBench bench = new();
        MemoryPort a = bench.BridgePort(1);
        bench.Commit();
        bench.Receive(a, new byte[13]);
        bench.Receive(a, Eth(MacB, "03:00:00:00:00:01"));
        bench.Receive(a, Eth(MacB, MacA));
        Assert.Equal(1, bench.Dropped(DropReason.Truncated));
        Assert.Equal(1, bench.Dropped(DropReason.BadSourceMac));
        Assert.Equal(1, bench.Dropped(DropReason.NoFloodTarget));
    }

    [Fact]
    public void A_frame_beyond_the_ports_MTU_is_dropped_and_a_VLAN_tag_does_not_count()
    {
        using SwitchBench bench = new();
        MemoryPort a = bench.BridgePort(1);
        MemoryPort b = bench.BridgePort(1, mtu: 1000);
        bench.Commit();
        bench.Receive(a, Eth() / Vlan(5) / Raw(new byte[1000]));
        Assert.Equal(1018, SwitchBench.Only(b).Length);
        bench.Receive(a, Eth() / Vlan(5) / Raw(new byte[1001]));
        Assert.Equal(1, bench.Dropped(DropReason.TooBig));
    }

    [Theory]
    [InlineData(3776)]
    [InlineData(3777)]
    [InlineData(9014)]
    [InlineData(65_000)]
    public void A_packet_over_several_chunks_comes_out_as_it_went_in_flooded_or_not(int length)
    {
        using SwitchBench bench = new();
        MemoryPort a = bench.BridgePort(1, mtu: 65_000), b = bench.BridgePort(1, mtu: 65_000), c =
            bench.BridgePort(1, mtu: 65_000);
        bench.Commit();
        byte[] frame = Eth() / Raw(Enumerable.Range(0, length - 14).Select(n => (byte)(n * 31 >> 3)).ToArray());
        bench.Receive(a, frame);
        Assert.Equal(frame, SwitchBench.Only(b));
        Assert.Equal(frame, SwitchBench.Only(c));
    }

    [Fact]
    public void A_full_transmit_ring_drops_with_its_reason_and_returns_the_frame()
    {
        using SwitchBench bench = new();
        MemoryPort a = bench.BridgePort(1);
        MemoryPort b = bench.BridgePort(1);
        bench.Commit();
        byte[] frame = Eth() / Raw(new byte[50]);
        for (int n = 0; n < b.Capacity + 10; n++)
            bench.Receive(a, frame);
        Assert.Equal(10, bench.Dropped(DropReason.TxRingFull));
        while (b.TryTake(out _))
        {
        }
    }

    [Fact]
    public void Addresses_are_forgotten_after_the_bridges_time()
    {
        using SwitchBench bench = new();
        MemoryPort a = bench.BridgePort(1), b = bench.BridgePort(1), c = bench.BridgePort(1);
        bench.Commit();
        bench.Receive(a, Eth("ff:ff:ff:ff:ff:ff", MacA));
        Assert.True(b.TryTake(out _) && c.TryTake(out _));
        for (int second = 0; second < 290; second++)
            bench.Wait(1);
        bench.Receive(b, Eth(MacA, MacB));
        SwitchBench.Nothing(c);
        for (int second = 0; second < 20; second++)
            bench.Wait(1);
        bench.Receive(b, Eth(MacA, MacB));
        SwitchBench.Only(c);
        Assert.True(a.TryTake(out _));
    }

    [Fact]
    public void A_port_without_a_role_drops()
    {
        using SwitchBench bench = new();
        MemoryPort lonely = bench.BridgePort(0);
        bench.Commit();
        bench.Receive(lonely, Eth());
        Assert.Equal(1, bench.Dropped(DropReason.PortUnconfigured));
    }

    [Fact]
    public void A_flood_reaches_more_ports_than_a_chunk_can_count_holders()
    {
        using SwitchBench bench = new();
        MemoryPort from = bench.BridgePort(1);
        List<MemoryPort> others = [];
        for (int n = 0; n < 300; n++)
            others.Add(bench.BridgePort(1));
        bench.Commit();
        byte[] frame = Eth("ff:ff:ff:ff:ff:ff", MacA);
        bench.Receive(from, frame);
        Assert.All(others, port => Assert.Equal(frame, SwitchBench.Only(port)));
    }
}
