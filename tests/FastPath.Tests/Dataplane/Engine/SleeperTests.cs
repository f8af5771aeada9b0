using System.Threading;
using FastPath.Dataplane.Engine;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Tests.Dataplane.Engine;

public sealed class SleeperTests
{
    [Theory]
    [InlineData(KernelFeature.None)]
    [InlineData(KernelFeature.EpollPwait2)]
    public void A_signal_between_announcing_and_sleeping_is_not_lost(KernelFeature refused)
    {
        using Sleeper sleeper = new(refused);
        for (int n = 0; n < 100; n++)
        {
            sleeper.Announce();
            sleeper.Wake();
            sleeper.Sleep(-1); // without limit: returns because somebody woke it, or never
            sleeper.Resume();
        }
    }

    [Fact]
    public void Another_thread_ends_the_sleep()
    {
        using Sleeper sleeper = new();
        sleeper.Announce();
        Thread waker = new(sleeper.Wake);
        waker.Start();
        sleeper.Sleep(-1);
        sleeper.Resume();
        waker.Join();
    }

    [Theory]
    [InlineData(KernelFeature.None)]
    [InlineData(KernelFeature.EpollPwait2)]
    public void A_sleep_ends_with_its_time(KernelFeature refused)
    {
        using Sleeper sleeper = new(refused);
        sleeper.Announce();
        Assert.False(sleeper.Sleep(1_000_000));
        sleeper.Resume();
    }

    [Fact]
    public void Waking_one_that_is_awake_leaves_no_signal_behind()
    {
        using Sleeper sleeper = new();
        sleeper.Wake();
        sleeper.Announce();
        Assert.False(sleeper.Sleep(0));
        sleeper.Resume();
    }
}
