using System;
using System.Collections.Generic;
using System.Linq;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Tests.Packets;
using Xunit;

namespace FastPath.Tests.Dataplane.Nodes;

/// <summary>
/// Tests that count a thread's allocations run alone: a collection in between would make the count inexact.
/// </summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;

/// <summary>
/// What holds for every node of the graph; a new node fails here until <see cref="Yard.Visits"/> has a packet for it.
/// </summary>
[Collection(nameof(RunsAlone))]
public sealed class EveryNodeTests
{
    private const int PacketsPerTurn = 8;
    private const int WarmUpTurns = 300;
    private const int Turns = 500;

    // A hundred turns a second: rate limits refill, questions are asked again and given up, tables age.
    private const long TurnNanoseconds = 10_000_000;

    public static TheoryData<string> Nodes => [.. Graph.Discover().Names];

    [Theory]
    [MemberData(nameof(Nodes))]
    public void A_node_allocates_nothing_and_every_frame_and_packet_is_accounted_for(string name)
    {
        using Yard yard = new((port, index, umem) => new QuietPort(port, index, umem));
        int node = yard.Bench.Worker.Graph.NumberOf(name);
        (MemoryPort from, byte[] frame) = Visit(yard, name);
        QuietPort source = (QuietPort)from;
        Turn(yard.Bench, source, frame, WarmUpTurns);

        GC.Collect(); // what other tests left behind must not be collected while this one counts
        GC.WaitForPendingFinalizers();
        ulong handledBefore = yard.Bench.Worker.Counters.ReadHandled(node);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Turn(yard.Bench, source, frame, Turns);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        ulong handled = yard.Bench.Worker.Counters.ReadHandled(node) - handledBefore;

        Assert.Equal(0, allocated);
        Assert.True(handled >= Turns, $"{name} handled {handled} packets in {Turns} turns of {PacketsPerTurn}");
        yard.Bench.CheckAccount();
        for (int second = 0; second < 5; second++)
            yard.Bench.Wait(1.1);
        Assert.Equal(0, yard.Bench.Worker.Resolver.HeldCount); // Dispose now finds every frame at home
    }

    [Fact]
    public void Every_visit_is_to_a_node_that_is_there()
    {
        using Yard yard = new();
        Assert.Equal(Graph.Discover().Names.Order(), yard.Visits().Keys.Order());
    }

    private static (MemoryPort Port, byte[] Frame) Visit(Yard yard, string name) =>
        yard.Visits().TryGetValue(name, out (MemoryPort, byte[]) visit)
            ? visit
            : throw new KeyNotFoundException($"no packet visits {name}: add one to Yard.Visits");

    private static void Turn(SwitchBench bench, QuietPort source, byte[] frame, int turns)
    {
        for (int turn = 0; turn < turns; turn++)
        {
            source.Arrive(frame, PacketsPerTurn);
            bench.Clock.Advance(TurnNanoseconds);
            bench.Run();
        }
    }
}
