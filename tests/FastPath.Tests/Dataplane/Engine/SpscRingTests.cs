using System.Threading;
using FastPath.Dataplane.Engine;
using Xunit;

namespace FastPath.Tests.Dataplane.Engine;

public sealed class SpscRingTests
{
    [Fact]
    public void Gives_back_in_order_what_was_added_and_refuses_when_full()
    {
        SpscRing<int> ring = new(4);
        for (int n = 0; n < 4; n++)
            Assert.True(ring.TryAdd(n));
        Assert.False(ring.TryAdd(4));
        Assert.Equal(0, ring.Free());
        for (int n = 0; n < 4; n++)
        {
            Assert.True(ring.TryTake(out int item));
            Assert.Equal(n, item);
        }

        Assert.False(ring.TryTake(out _));
        Assert.True(ring.IsEmpty);
        Assert.Equal(4, ring.Free());
    }

    [Fact]
    public void Holds_nothing_alive_that_was_taken()
    {
        SpscRing<object> ring = new(2);
        System.WeakReference added = AddAndTake(ring);
        System.GC.Collect();
        Assert.False(added.IsAlive);
    }

    [Fact]
    public void Loses_and_repeats_nothing_between_two_threads()
    {
        const int Count = 1_000_000;
        SpscRing<int> ring = new(64);
        Thread producer = new(() =>
        {
            for (int n = 0; n < Count;)
            {
                if (ring.TryAdd(n))
                    n++;
                else
                    Thread.Yield();
            }
        });
        producer.Start();
        int wrong = 0;
        for (int expected = 0; expected < Count;)
        {
            if (!ring.TryTake(out int item))
            {
                Thread.Yield();
                continue;
            }

            wrong += item == expected ? 0 : 1;
            expected++;
        }

        producer.Join();
        Assert.Equal(0, wrong);
        Assert.True(ring.IsEmpty);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(48)]
    public void A_capacity_that_is_no_power_of_two_is_refused(int capacity) =>
        Assert.Throws<System.ArgumentOutOfRangeException>(() => new SpscRing<int>(capacity));

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static System.WeakReference AddAndTake(SpscRing<object> ring)
    {
        object item = new();
        ring.TryAdd(item);
        Assert.True(ring.TryTake(out _));
        return new System.WeakReference(item);
    }
}
