using System;
using System.Collections.Generic;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Tests.Xdp;

public sealed class TxRingTests : IDisposable
{
    private const int Entries = 64;

    private readonly RingMemory _memory = new(Entries, 16);
    private readonly TailMemory _tail = new();

    public void Dispose()
    {
        _memory.Dispose();
        _tail.Dispose();
    }

    [Fact]
    public void The_kernel_sees_descriptors_only_once_they_are_published()
    {
        TxRing ring = _tail.Open(_memory);
        ring.Add(4032, 60, 2);
        Assert.Equal(0u, _memory.Producer);
        ring.Publish();
        Assert.Equal(1u, _memory.Producer);
        Assert.Equal((4032UL, 60u, 2u), (_memory.Descriptors[0].Address, _memory.Descriptors[0].Length, _memory.Descriptors[0].Options));
        Assert.Equal(1, ring.Pending);
        _memory.Consumer = 1;
        Assert.Equal(0, ring.Pending);
    }

    [Fact]
    public void A_slot_is_used_again_only_after_its_completion()
    {
        TxRing ring = _tail.Open(_memory);
        Fill(ring, 0, Entries);
        Assert.Equal(0, ring.Free);
        _memory.Consumer = Entries; // the kernel has taken all and completed none
        Assert.Equal(0, ring.Free);
        Assert.True(ring.TryComplete(0));
        Assert.Equal(0, ring.Free); // not yet: the tail is shared once for each look at the completion ring
        ring.EndCompletions();
        Assert.Equal(1, ring.Free);
        Assert.Equal(1u, _tail.Value);
    }

    [Fact]
    public void A_packet_that_a_receiver_keeps_holds_the_slots_behind_it()
    {
        TxRing ring = _tail.Open(_memory);
        Fill(ring, 0, Entries);
        for (ulong n = 1; n < Entries; n++)
            Assert.True(ring.TryComplete(n));
        ring.EndCompletions();
        Assert.Equal(1, ring.InFlight);
        Assert.Equal(0, ring.Free);
        Assert.True(ring.TryComplete(0));
        ring.EndCompletions();
        Assert.Equal(Entries, ring.Free);
    }

    [Fact]
    public void An_address_that_is_not_in_flight_completes_nothing()
    {
        TxRing ring = _tail.Open(_memory);
        Fill(ring, 0, 3);
        Assert.False(ring.TryComplete(99));
        Assert.True(ring.TryComplete(1));
        Assert.False(ring.TryComplete(1));
        Assert.Equal(2, ring.InFlight);
    }

    [Fact]
    public void Completions_in_any_order_end_every_flight_once()
    {
        Random random = new(1);
        TxRing ring = _tail.Open(_memory);
        List<ulong> inFlight = [];
        ulong next = 1;
        for (int step = 0; step < 20_000; step++)
        {
            if (random.Next(2) == 0 && ring.Free > 0)
            {
                inFlight.Add(next);
                ring.Add(next++, 60, 0);
                ring.Publish();
            }
            else if (inFlight.Count > 0)
            {
                int at = random.Next(inFlight.Count);
                Assert.True(ring.TryComplete(inFlight[at]));
                inFlight.RemoveAt(at);
                ring.EndCompletions();
            }

            Assert.Equal(inFlight.Count, ring.InFlight);
        }

        Assert.Equal(inFlight, ring.InFlightAddresses());
    }

    [Fact]
    public void A_new_process_finds_what_was_published_and_not_completed()
    {
        TxRing dead = _tail.Open(_memory);
        Fill(dead, 0, 50);
        for (ulong n = 0; n < 40; n++)
            dead.TryComplete(n);
        dead.EndCompletions();
        Fill(dead, 100, 30); // over the ring's end
        dead.TryComplete(45); // killed before EndCompletions
        dead.Add(777, 60, 0); // killed before Publish

        TxRing adopted = _tail.Open(_memory);
        Assert.Equal(9 + 30, adopted.InFlight);
        Assert.DoesNotContain(45UL, adopted.InFlightAddresses());
        Assert.DoesNotContain(777UL, adopted.InFlightAddresses());
        Assert.True(adopted.IsInFlight(129));
        Assert.False(adopted.IsInFlight(777));
    }

    [Fact]
    public void Indices_pass_the_end_of_their_32_bits()
    {
        _memory.Producer = _memory.Consumer = _tail.Value = uint.MaxValue - 10;
        TxRing ring = _tail.Open(_memory);
        Fill(ring, 0, 30);
        Assert.Equal(30, ring.Pending);
        for (ulong n = 0; n < 30; n++)
            Assert.True(ring.TryComplete(n));
        ring.EndCompletions();
        Assert.Equal(Entries, ring.Free);
        Assert.Equal(19u, _tail.Value);
    }

    private static void Fill(TxRing ring, ulong first, int count)
    {
        for (int n = 0; n < count; n++)
            ring.Add(first + (ulong)n, 60, 0);
        ring.Publish();
    }
}
