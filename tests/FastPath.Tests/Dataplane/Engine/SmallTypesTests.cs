using System.Linq;
using CsCheck;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;
using FastPath.Tests.Packets;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Tests.Dataplane.Engine;

/// <summary>
/// The engine's types of a few lines: ticks, clocks, snapshots, error codes, the outbox, commands, port lists.
/// </summary>
public sealed class SmallTypesTests
{
    [Fact]
    public void Ticks_are_numbers_of_nanoseconds() =>
        Gen.Select(Gen.Long[0, 1L << 60], Gen.Long[0, 1L << 60]).Sample((a, b) =>
    {
        Tick one = new(a), two = new(b);
        Assert.Equal(a - b, one - two);
        Assert.Equal(a + 5, (one + 5).Nanoseconds);
        Assert.Equal((a < b, a <= b, a > b, a >= b), (one < two, one <= two, one > two, one >= two));
        Assert.True(one < Tick.Never);
    });

    [Fact]
    public void The_monotonic_clock_does_not_go_back()
    {
        Tick before = Clock.Monotonic.Now();
        for (int n = 0; n < 1000; n++)
        {
            Tick now = Clock.Monotonic.Now();
            Assert.True(now >= before);
            before = now;
        }
    }

    [Fact]
    public void A_manual_clock_moves_when_it_is_told_to()
    {
        ManualClock clock = new();
        Tick start = clock.Now();
        Assert.Equal(start, clock.Now());
        clock.Advance(7);
        Assert.Equal(7, clock.Now() - start);
    }

    [Fact]
    public void A_snapshot_is_the_last_value_published()
    {
        Snapshot<string> snapshot = new("first");
        Assert.Equal("first", snapshot.Read());
        snapshot.Publish("second");
        Assert.Equal("second", snapshot.Read());
    }

    [Fact]
    public void An_error_code_fits_into_an_adjacency_and_comes_back() =>
        Gen.Select(Gen.Enum<DropReason>(), Gen.Byte, Gen.Byte).Sample((reason, type, code) =>
        {
            IcmpErrorCode error = new(reason, type, code);
            Assert.Equal(error, IcmpErrorCode.Unpack(error.Pack()));
        });

    [Fact]
    public void The_outbox_is_bounded_and_in_order()
    {
        Outbox outbox = new();
        uint added = 0;
        while (outbox.TryAdd(NeighborKey.Of(1, new Ip4Address(added))))
            added++;
        Assert.Equal((uint)FastPath.Dataplane.Limits.OutboxMax, added);
        for (uint n = 0; n < added; n++)
        {
            Assert.True(outbox.TryTake(out NeighborKey key));
            Assert.Equal(n, key.Low);
        }

        Assert.False(outbox.TryTake(out _));
    }

    [Fact]
    public void Commands_are_carried_out_in_order_between_batches()
    {
        using SwitchBench bench = new();
        System.Collections.Generic.List<int> seen = [];
        Assert.True(bench.Worker.Commands.TryAdd(_ => seen.Add(1)));
        Assert.True(bench.Worker.Commands.TryAdd(worker => seen.Add(worker.Index + 2)));
        Assert.False(bench.Worker.Commands.IsEmpty);
        bench.Run();
        Assert.Equal([1, 2], seen);
        Assert.True(bench.Worker.Commands.IsEmpty);
    }

    [Fact]
    public void A_port_is_listed_once_until_the_list_is_cleared()
    {
        using Umem umem = Umem.Create(new UmemOptions(64));
        using MemoryPort a = new("a", 1, umem), b = new("b", 2, umem);
        PortList list = new();
        list.Add(a);
        list.Add(b);
        list.Add(a);
        Assert.Equal(["a", "b"], list.Ports.ToArray().Select(port => port.Name));
        list.Clear();
        list.Add(b);
        Assert.Equal(["b"], list.Ports.ToArray().Select(port => port.Name));
    }

    [Fact]
    public void Counters_read_as_written_and_refuse_nodes_that_are_not_there()
    {
        using CounterBlock counters = new(3);
        counters[Counter.Faults] = 5;
        counters.Handled(2) = 6;
        counters.Drops(2, DropReason.TunnelUnreachable) = 7;
        Assert.Equal((5UL, 6UL, 7UL), (counters.Read(Counter.Faults), counters.ReadHandled(2),
            counters.ReadDrops(2, DropReason.TunnelUnreachable)));
        Assert.Equal(0UL, counters.ReadDrops(1, DropReason.TunnelUnreachable));
        Assert.Throws<System.ArgumentOutOfRangeException>(() => counters.Handled(3));
        Assert.Throws<System.ArgumentOutOfRangeException>(() => counters.Drops(-1, DropReason.NoRoute));
    }
}
