using FastPath.Xdp;
using Xunit;

namespace FastPath.Tests.Xdp;

public sealed class RingTests
{
    private const int Entries = 64;

    [Fact]
    public void The_fill_ring_counts_what_the_kernel_has_taken_as_free()
    {
        using RingMemory memory = new(Entries, 8);
        FillRing ring = new(memory.Map());
        Assert.Equal(Entries, ring.Free());
        for (uint n = 0; n < Entries; n++)
        {
            Assert.Equal(n, ring.NextIndex);
            memory.Addresses[(int)n] = n * 4032;
            ring.Added(1);
        }

        Assert.Equal(0u, memory.Producer);
        ring.Publish();
        Assert.Equal((uint)Entries, memory.Producer);
        Assert.Equal(0, ring.Free());
        memory.Consumer = 10;
        Assert.Equal(10, ring.Free());
    }

    [Fact]
    public void The_fill_ring_reads_the_wakeup_flag()
    {
        using RingMemory memory = new(Entries, 8);
        FillRing ring = new(memory.Map());
        Assert.False(ring.NeedsWakeup);
        memory.Flags = 1;
        Assert.True(ring.NeedsWakeup);
    }

    [Fact]
    public void The_RX_ring_looks_at_the_kernels_index_when_its_last_look_is_used_up()
    {
        using RingMemory memory = new(Entries, 16);
        RxRing ring = new(memory.Map());
        Assert.Equal(0, ring.Available());
        memory.Descriptors[0] = new XdpDescriptor { Address = 4288, Length = 60 };
        memory.Producer = 1;
        Assert.Equal(1, ring.Available());
        memory.Producer = 5;
        Assert.Equal(1, ring.Available());
        Assert.Equal(5, ring.Refresh());
        Assert.Equal(4288UL, ring[0].Address);
        ring.Advance(5);
        Assert.Equal(5u, memory.Consumer);
        Assert.Equal(5u, ring.Read);
        Assert.Equal(0, ring.Available());
    }

    [Fact]
    public void The_completion_ring_gives_entries_back_in_one_store()
    {
        using RingMemory memory = new(Entries, 8);
        memory.Producer = memory.Consumer = uint.MaxValue; // the indices wrap after the first
        CompletionRing ring = new(memory.Map());
        memory.Addresses[Entries - 1] = 7;
        memory.Addresses[0] = 8;
        memory.Producer = 1;
        Assert.Equal(2, ring.Available());
        Assert.Equal((7UL, 8UL), (ring[0], ring[1]));
        Assert.Equal(uint.MaxValue, memory.Consumer);
        ring.Advance(2);
        Assert.Equal(1u, memory.Consumer);
    }
}
