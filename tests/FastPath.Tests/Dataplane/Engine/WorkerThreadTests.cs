using System;
using System.Threading;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Telemetry;
using FastPath.Tests.Packets;
using Xunit;

namespace FastPath.Tests.Dataplane.Engine;

public sealed class WorkerThreadTests
{
    [Fact]
    public void Carries_out_commands_also_when_it_sleeps_and_stops_when_asked()
    {
        using SwitchBench bench = new();
        using WorkerThread thread = new(bench.Worker, processor: null, new IdlePolicy(SpinNanoseconds: 0));
        using SemaphoreSlim ran = new(0);
        thread.Start();
        for (int n = 0; n < 50; n++)
        {
            Assert.True(bench.Worker.Commands.TryAdd(_ => ran.Release()));
            thread.Wake();
            Assert.True(ran.Wait(30_000, TestContext.Current.CancellationToken), "the worker slept over a command");
        }

        thread.Stop();
        Assert.Null(thread.Failure);
        Assert.True(bench.Worker.Counters.Read(Counter.Sleeps) > 0);
    }

    [Fact]
    public void A_broken_invariant_stops_the_thread_and_says_which()
    {
        using SwitchBench bench = new();
        using WorkerThread thread = new(bench.Worker, processor: null, new IdlePolicy());
        Assert.True(bench.Worker.Commands.TryAdd(_ => throw Broken()));
        thread.Start();
        Assert.True(SpinWait.SpinUntil(() => thread.Failure != null, 30_000), "the thread goes on");
        Assert.Contains("the test broke it", thread.Failure!.Message, StringComparison.Ordinal);
    }

    /// <summary>The exception is internal and linked into every project, so it has no name of its own here.</summary>
    private static Exception Broken() =>
        (Exception)Activator.CreateInstance(typeof(Worker).Assembly.GetType("FastPath.InvariantException")!,
            "the test broke it")!;
}
