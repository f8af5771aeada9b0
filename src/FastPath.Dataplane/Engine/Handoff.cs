using System;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Xdp;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// One worker's lanes to and from the others: packets that another worker must send, frames on their way home, and
/// learn events. All rings are bounded; what finds no room is dropped and counted, nobody waits.
/// </summary>
[PerWorker]
internal sealed class Handoff(Worker worker, SwitchState state)
{
    private const int RecentEntries = 64;

    private readonly ulong[] _recent = new ulong[RecentEntries];
    private uint _recentSecond;
    private ulong _wake;
    private int _firstLane;

    /// <summary>Whether there is another worker at all.</summary>
    public bool IsAlone => state.WorkerCount == 1;

    /// <summary>
    /// Hands a packet over; its frame counts as given away until it comes home. False when the lane is full.
    /// </summary>
    public bool TrySend(int to, in Packet packet, Edge entry)
    {
        if (!state.LaneOf(worker.Index, to).Packets.TryAdd(new HandedPacket(packet, entry)))
            return false;
        Chain.SetOwner(worker.UmemOf(packet.Frame), packet.Frame, FrameOwner.Handoff);
        NoteWake(to);
        return true;
    }

    /// <summary>
    /// Copies packets of other workers into the batch and sends their frames home. A lane whose way home is full is
    /// left alone, so that a frame can always go home: it holds twice what can be under way.
    /// </summary>
    public int Receive(Batch batch)
    {
        int filled = 0;
        for (int n = 0; n < state.WorkerCount; n++)
        {
            int from = (_firstLane + n) % state.WorkerCount;
            if (from != worker.Index)
                filled = ReceiveFrom(batch, filled, from);
        }

        _firstLane = (_firstLane + 1) % state.WorkerCount;
        return filled;
    }

    /// <summary>
    /// Takes back frames that others have copied, and learns what they saw. True when there was something.
    /// </summary>
    public bool TakeReturns()
    {
        bool any = false;
        for (int from = 0; from < state.WorkerCount; from++)
        {
            if (from == worker.Index)
                continue;
            Lane lane = state.LaneOf(from, worker.Index);
            while (lane.Home.TryTake(out FrameAddress frame))
            {
                worker.UmemOf(frame).ReleasePacket(frame);
                any = true;
            }

            while (lane.Events.TryTake(out LearnEvent learned))
            {
                Take(learned);
                any = true;
            }
        }

        return any;
    }

    /// <summary>Tells worker 0 where an address sends from, once a second for each.</summary>
    public void Learn(ulong key, int port)
    {
        ulong mark = key ^ ((ulong)port * 0x9E37_79B9_7F4A_7C15); // spread: port << 32 would fall onto the address
        if (_recentSecond != worker.Second)
        {
            _recent.AsSpan().Clear();
            _recentSecond = worker.Second;
        }

        ref ulong recent = ref _recent[(int)((mark * 0x9E37_79B9_7F4A_7C15) >> 58)];
        if (recent == mark)
            return;
        recent = mark;
        Tell(0, new LearnEvent(key, (ushort)port, default, 0));
    }

    /// <summary>Tells worker 0 what a neighbor has said.</summary>
    public void Learn(in NeighborKey key, ulong mac) => Tell(0, new LearnEvent(0, 0, key, mac));

    /// <summary>Worker 0 tells all others that a neighbor is known now: packets may wait for it there.</summary>
    public void Announce(in NeighborKey key, ulong mac)
    {
        for (int to = 1; to < state.WorkerCount; to++)
            Tell(to, new LearnEvent(0, 0, key, mac));
    }

    /// <summary>Wakes the workers that got something in this turn.</summary>
    public void WakeOthers()
    {
        for (; _wake != 0; _wake &= _wake - 1)
            state.Wakers[System.Numerics.BitOperations.TrailingZeroCount(_wake)]?.Wake();
    }

    private int ReceiveFrom(Batch batch, int filled, int from)
    {
        Lane lane = state.LaneOf(from, worker.Index);
        SpscRing<FrameAddress> home = state.LaneOf(worker.Index, from).Home;
        if (lane.Packets.IsEmpty || home.Free() < Batch.Capacity)
            return filled;
        while (filled < Batch.Capacity && lane.Packets.TryTake(out HandedPacket handed))
        {
            worker.Counters[Counter.HandedIn]++;
            Packet packet = handed.Packet;
            FrameAddress original = packet.Frame;
            if (FrameCopy.TryCopy(worker.UmemOf(original), ref packet, worker.Home))
            {
                batch[filled] = packet;
                batch.Enter(PacketSet.Of(filled), handed.Entry);
                filled++;
            }
            else
            {
                worker.Counters.Drops(worker.Graph.PortOutput, DropReason.NoFrame)++;
                worker.Counters[Counter.Dropped]++;
            }

            Invariant.Require(home.TryAdd(original), "a frame can always go home");
            NoteWake(from);
        }

        return filled;
    }

    private void Take(in LearnEvent learned)
    {
        if (learned.Address != 0)
            worker.Learn(learned.Address, learned.Port);
        else if (worker.Index == 0)
            worker.LearnNeighbor(learned.Neighbor, learned.Mac, NeighborState.Reachable);
        else
            worker.Resolver.Answered(learned.Neighbor);
    }

    private void Tell(int to, in LearnEvent learned)
    {
        if (state.LaneOf(worker.Index, to).Events.TryAdd(learned))
            NoteWake(to);
        else
            worker.Counters[Counter.LearnLost]++;
    }

    private void NoteWake(int to) => _wake |= 1UL << to;
}
