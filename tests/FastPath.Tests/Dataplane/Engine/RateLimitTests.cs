using System.Collections.Generic;
using System.Linq;
using CsCheck;
using FastPath.Dataplane.Engine;
using Xunit;

namespace FastPath.Tests.Dataplane.Engine;

public sealed class RateLimitTests
{
    [Fact]
    public void A_burst_and_then_the_rate()
    {
        RateLimit limit = new(1000, 50);
        Tick now = new(10_000_000_000);
        Assert.Equal(50, Take(ref limit, now, 100));
        Assert.Equal(0, Take(ref limit, now + 999_999, 100));
        Assert.Equal(1, Take(ref limit, now + 1_000_000, 100));
        Assert.Equal(50, Take(ref limit, now + 10_000_000_000, 100));
    }

    /// <summary>In any stretch of time no more than the burst and the rate times its length.</summary>
    [Fact]
    public void No_stretch_of_time_holds_more_than_burst_and_rate() =>
        Gen.Select(Gen.Int[1, 2000], Gen.Int[1, 20],
            Gen.Long[0, 20_000_000].Array[1, 200]).Sample((rate, burst, gaps) =>
        {
            RateLimit limit = new(rate, burst);
            List<long> taken = [];
            long now = 1_000_000_000;
            foreach (long gap in gaps)
            {
                now += gap;
                if (limit.TryTake(new Tick(now)))
                    taken.Add(now);
            }

            long interval = 1_000_000_000 / rate;
            for (int n = 0; n < taken.Count; n++)
            {
                long from = taken[n];
                int inside = taken.Skip(n).TakeWhile(at => at - from < 100_000_000).Count();
                Assert.True(inside <= burst + (100_000_000 / interval)
                    + 1, $"{inside} in 100 ms at {rate}/s and burst {burst}");
            }
        });

    [Fact]
    public void A_clock_that_starts_at_zero_gives_the_burst_later()
    {
        RateLimit limit = new(1000, 5);
        Assert.False(limit.TryTake(new Tick(0)));
        Assert.Equal(5, Take(ref limit, new Tick(1_000_000_000), 10));
    }

    private static int Take(ref RateLimit limit, Tick now, int attempts)
    {
        int taken = 0;
        for (int n = 0; n < attempts; n++)
            taken += limit.TryTake(now) ? 1 : 0;
        return taken;
    }
}
