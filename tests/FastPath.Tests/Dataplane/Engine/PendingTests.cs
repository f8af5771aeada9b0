using System.Collections.Generic;
using System.Linq;
using CsCheck;
using FastPath.Dataplane;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Telemetry;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Tests.Dataplane.Engine;

public sealed class PendingTests
{
    [Fact]
    public void Packets_come_out_in_order_each_in_front_of_its_node() =>
        Gen.Select(Gen.Int[0, 150], Gen.Int[0, 3]).Array[1, 8].Sample(steps =>
        {
            using CounterBlock counters = new(4);
            using Batch batch = new(counters);
            Pending pending = new();
            Queue<(ulong Frame, byte Node)> oracle = new();
            ulong next = 1;
            foreach ((int add, int move) in steps)
            {
                for (int n = 0; n < add; n++, next++)
                {
                    bool added = pending.TryAdd(new Packet { Frame = new FrameAddress(next) },
                        new Edge((byte)(next % 3)));
                    Assert.Equal(oracle.Count < Limits.PendingMax, added);
                    if (added)
                        oracle.Enqueue((next, (byte)(next % 3)));
                }

                for (int n = 0; n < move; n++)
                    Move(batch, pending, oracle);
                Assert.Equal(oracle.Count, pending.Count);
                Assert.Equal(oracle.Count == Limits.PendingMax, pending.IsFull);
            }
        });

    private static void Move(Batch batch, Pending pending, Queue<(ulong Frame, byte Node)> oracle)
    {
        int count = pending.MoveTo(batch);
        Assert.Equal(System.Math.Min(oracle.Count, Batch.Capacity), count);
        (ulong Frame, byte Node)[] expected = [.. Enumerable.Range(0, count).Select(_ => oracle.Dequeue())];
        while (batch.Next(out PacketSet packets) is var node && node >= 0)
        {
            foreach (int slot in packets)
            {
                Assert.Equal(expected[slot], (batch[slot].Frame.Value, (byte)node));
                batch.Consume(slot);
            }

            batch.End(packets);
        }
    }
}
