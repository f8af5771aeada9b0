using System;
using System.Threading;
using FastPath.Control.Daemon;
using Xunit;

namespace FastPath.Tests.Control.Daemon;

public sealed class PauseWatchTests
{
    [Fact]
    public void It_counts_collections_from_its_beginning_on()
    {
        PauseWatch watch = new();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(TimeSpan.Zero, watch.Longest);

        watch.Begin();
        // The first collection finds the canary, its finalizer looks at what the runtime says of that collection.
        Assert.True(SpinWait.SpinUntil(() => HasSeen(watch), 10_000), "no pause was seen");
    }

    private static bool HasSeen(PauseWatch watch)
    {
        GC.Collect(0);
        GC.WaitForPendingFinalizers();
        return watch.Longest > TimeSpan.Zero;
    }
}
