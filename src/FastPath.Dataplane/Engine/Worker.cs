using System;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Xdp;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// One core: its ports, its graph, its batch and its counters. <see cref="PollOnce"/> is one turn: receive, walk the
/// graph, transmit. Stepped by a thread (<see cref="WorkerThread"/>), a test or the simulator.
/// </summary>
[PerWorker]
public sealed class Worker : IDisposable
{
    private readonly SwitchState _state;
    private readonly Node[] _nodes;
    private readonly Batch _batch;
    private readonly Pending _pending = new();
    private readonly PortList _dirty = new();
    private RateLimit _icmpErrors = new(Limits.IcmpErrorsPerSecond, Limits.IcmpErrorsBurst);
    private SwitchTables _tables = SwitchTables.Empty;
    private int _firstPort;
    private Tick _nextAging = Tick.Never;
    private Aging _aging;
    private int _retiring;

    public Worker(SwitchState state, int index, Umem home)
    {
        _state = state;
        Index = index;
        Home = home;
        Counters = new CounterBlock(state.Graph.Count);
        _batch = new Batch(Counters);
        _nodes = state.Graph.Instantiate();
        Handoff = new Handoff(this, state);
        Resolver = new Resolver(this);
        Questions = new NeighborQuestions(this);
    }

    public int Index { get; }

    public CounterBlock Counters { get; }

    public Graph Graph => _state.Graph;

    /// <summary>The generation of this batch.</summary>
    public SwitchTables Tables => _tables;

    public FdbTable Fdb => _state.Fdb;

    public NeighborTable Neighbors => _state.Neighbors;

    public GraphEntries Entries => _state.Entries;

    /// <summary>Packet memory for packets that FastPath makes.</summary>
    public Umem Home { get; }

    /// <summary>Lanes to and from the other workers.</summary>
    internal Handoff Handoff { get; }

    /// <summary>The transmit queues this worker has, by port number.</summary>
    internal Port?[] Devices { get; private set; } = new Port?[1];

    /// <summary>Headers toward next hops that this worker has found.</summary>
    internal RewriteCache Rewrites { get; } = new();

    /// <summary>The last exception in a node, for status; the batch it happened in was dropped and counted.</summary>
    public Exception? LastFault { get; private set; }

    /// <summary>Packets that wait for neighbors.</summary>
    public Resolver Resolver { get; }

    /// <summary>Makes ARP requests and neighbor solicitations.</summary>
    internal NeighborQuestions Questions { get; }

    /// <summary>What the control plane shall hear: neighbors on kernel-owned links that packets need.</summary>
    public Outbox Outbox { get; } = new();

    /// <summary>Time of this batch.</summary>
    public Tick Now { get; private set; }

    /// <summary>Seconds of the clock, for ages in tables.</summary>
    public uint Second { get; private set; }

    /// <summary>Requests of the control plane, carried out between batches.</summary>
    public CommandRing Commands { get; } = new();

    /// <summary>
    /// Generation this worker has seen; the control plane waits for it before it frees what is older.
    /// </summary>
    public long SeenGeneration => System.Threading.Volatile.Read(ref _seenGeneration);

    private long _seenGeneration;

    /// <summary>Packets waiting inside the worker for its next batch.</summary>
    public int PendingCount => _pending.Count;

    /// <summary>Whether a port has packets in its ring that the device did not take.</summary>
    public bool HasUnsent
    {
        get
        {
            foreach (Port port in _tables.Receivers[Index])
                if (port.HasUnsent)
                    return true;
            return false;
        }
    }

    /// <summary>When the worker must look again although nothing arrives.</summary>
    public Tick NextTimer => Resolver.NextDue < _nextAging ? Resolver.NextDue : _nextAging;

    /// <summary>One turn. True when there was something to do.</summary>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    public bool PollOnce()
    {
        BeginTurn();
        int received = ReceiveFromPorts();
        if (received != 0)
        {
            _batch.Enter(PacketSet.First(received), Entries.EthernetInput);
            Counters[Counter.Received] += (ulong)received;
            Walk();
        }

        WalkPending();
        bool ordered = Commands.RunAll(this) | RunTimers();
        if (!Handoff.IsAlone)
            ordered |= ServeOthers();
        if (_pending.Count != 0)
            WalkPending();
        EndTurn();
        if (received == 0)
            Counters[Counter.EmptyPolls]++;
        return received != 0 || ordered;
    }

    /// <summary>
    /// Packets and events of other workers; after the own ports, so that what those learned comes first.
    /// </summary>
    private bool ServeOthers()
    {
        bool any = Handoff.TakeReturns();
        if (Handoff.Receive(_batch) == 0)
            return any;
        Walk();
        return true;
    }

    /// <summary>
    /// Takes in what other workers have seen so far. In a command that flushes tables: an event of the old generation
    /// that came after the flush would bring back what it removed.
    /// </summary>
    public void TakeEvents() => Handoff.TakeReturns();

    /// <summary>Whether the rate limit of ICMP errors leaves room for one more.</summary>
    internal bool MaySendIcmpError() => _icmpErrors.TryTake(Now);

    /// <summary>An empty packet of FastPath's own, counted as created; false when there is no free chunk.</summary>
    internal bool TryOriginate(int length, out Packet packet)
    {
        packet = default;
        if (!Home.TryTake(out FrameAddress frame))
            return false;
        packet.Frame = frame;
        packet.Offset = Limits.Headroom;
        packet.Length = (ushort)length;
        packet.Flags = PacketFlags.Originated;
        Counters[Counter.Created]++;
        return true;
    }

    /// <summary>
    /// Asks for a neighbor: by ARP or neighbor solicitation, or through the kernel on a link that it owns.
    /// </summary>
    internal void Ask(in NeighborKey key)
    {
        if (_tables.Ports[key.Port].KernelNeighbors)
            Outbox.TryAdd(key);
        else
            Questions.Ask(key);
    }

    /// <summary>
    /// Notes a neighbor's address and lets its packets go. Worker 0 writes the table, the others tell it.
    /// </summary>
    public void LearnNeighbor(in NeighborKey key, ulong mac, NeighborState state)
    {
        if (Index != 0)
        {
            Handoff.Learn(key, mac);
            return;
        }

        bool isNews = !Neighbors.TryLookup(key, out ulong known) || known != mac;
        if (!Neighbors.Set(key, mac, state, Second))
        {
            // Packets that wait for it go on waiting: let go, they would miss it and ask again at once, for ever.
            Counters[Counter.NeighborsRefused]++;
            return;
        }

        _nextAging = _nextAging == Tick.Never ? Now + 1_000_000_000 : _nextAging;
        Resolver.Answered(key);
        if (isNews)
            Handoff.Announce(key, mac);
    }

    /// <summary>Ends an own or released packet that found no way into a batch.</summary>
    internal void DropHeld(FrameAddress frame, DropReason reason)
    {
        Counters.Drops(Graph.PortOutput, reason)++;
        Counters[Counter.Dropped]++;
        UmemOf(frame).ReleasePacket(frame);
    }

    /// <summary>Adds a copy or an own packet to the next batch; false, counted, when too many wait.</summary>
    public bool TryEnqueue(in Packet packet, Edge entry) => _pending.TryAdd(packet, entry);

    /// <summary>Notes where an address of a bridge sends from. Worker 0 writes the table, the others tell it.</summary>
    internal void Learn(ulong key, int port)
    {
        if (Index != 0)
        {
            if (!_state.Fdb.IsFresh(key, port, Second))
                Handoff.Learn(key, port);
            return;
        }

        FdbUpdate update = _state.Fdb.Learn(key, port, Second);
        if (update == FdbUpdate.Same)
            return;
        if (update == FdbUpdate.Added && _nextAging == Tick.Never)
            _nextAging = Now + 1_000_000_000;
        Counters[update switch
        {
            FdbUpdate.Added => Counter.AddressesLearned,
            FdbUpdate.Moved => Counter.AddressesMoved,
            _ => Counter.AddressesRefused,
        }]++;
    }

    /// <summary>
    /// Enqueues a copy of a packet for another target: the same frame with one reference more, or, when the target
    /// rewrites headers, a frame of its own.
    /// </summary>
    internal void Clone(in Packet packet, ushort target, Edge entry, bool copyBytes)
    {
        if (_pending.IsFull)
        {
            CountLostCopy(DropReason.PendingFull);
            return;
        }

        Packet clone = packet;
        clone.TxPort = target;
        Umem umem = UmemOf(packet.Frame);
        // A chunk counts its holders in a byte: a flood to more ports than that goes on with a copy.
        if (copyBytes || umem.Entry(packet.Frame).References == byte.MaxValue)
        {
            if (!FrameCopy.TryCopy(umem, ref clone, umem))
            {
                CountLostCopy(DropReason.NoFrame);
                return;
            }
        }
        else
        {
            FrameCopy.AddReference(umem, packet.Frame);
        }

        Counters[Counter.Copies]++;
        Invariant.Require(_pending.TryAdd(clone, entry), "there was room");
    }

    /// <summary>Moves a packet into another UMEM, to leave by a port that cannot send from its own.</summary>
    internal bool TryMoveTo(ref Packet packet, Umem target)
    {
        Umem source = UmemOf(packet.Frame);
        FrameAddress old = packet.Frame;
        if (!FrameCopy.TryCopy(source, ref packet, target))
            return false;
        source.ReleasePacket(old);
        Counters[Counter.CrossUmemCopies]++;
        return true;
    }

    /// <summary>Tells the others how to wake this worker; before any thread starts.</summary>
    internal void SetWaker(Sleeper sleeper) => _state.Wakers[Index] = sleeper;

    private void CountLostCopy(DropReason reason)
    {
        Counters.Drops(Graph.Flood, reason)++;
    }

    /// <summary>
    /// Compares the account of the worker's packet memory; a difference is counted and kept as the last fault. Not
    /// while a port retires: it is in no table any more and still holds chunks.
    /// </summary>
    internal void AuditFrames()
    {
        if (_retiring != 0)
            return;
        Counters[Counter.FrameAudits]++;
        string difference = FrameAudit.Check(Home, _tables.Receivers[Index], Resolver.HeldCount);
        if (difference.Length == 0)
            return;
        Counters[Counter.FrameFaults]++;
        LastFault = new InvariantException(difference);
    }

    /// <summary>
    /// Takes back what a port still holds that has left the tables. A command of the control plane, after Detach.
    /// </summary>
    public void Retire(Port port)
    {
        port.Retire();
        _retiring -= port.IsRetiring ? 1 : 0;
        port.IsRetiring = false;
    }

    /// <summary>Counts the ports that this generation has not got any more.</summary>
    private void NoteRetiring(Port[] before, Port[] now)
    {
        foreach (Port port in before)
            port.IsRetiring = true;
        foreach (Port port in now)
            port.IsRetiring = false;
        foreach (Port port in before)
            _retiring += port.IsRetiring ? 1 : 0;
    }

    /// <summary>Puts a port on the list of those that transmit at the end of the turn.</summary>
    internal void MarkDirty(Port port) => _dirty.Add(port);

    /// <summary>The UMEM that holds a frame.</summary>
    internal Umem UmemOf(FrameAddress frame) => _state.Umems[frame.Umem]!;

    public void Dispose()
    {
        _batch.Dispose();
        Rewrites.Dispose();
        Counters.Dispose();
    }

    private void BeginTurn()
    {
        Now = _state.Clock.Now();
        Second = (uint)(Now.Nanoseconds / 1_000_000_000);
        SwitchTables tables = _state.Root.Read();
        if (!ReferenceEquals(tables, _tables))
        {
            NoteRetiring(_tables.Receivers[Index], tables.Receivers[Index]);
            _tables = tables;
            Devices = tables.Devices[Index];
            _batch.FeatureSteps = tables.Features.Steps;
        }

        Rewrites.Follow(_tables.Generation, _state.Neighbors.Version);
        System.Threading.Volatile.Write(ref _seenGeneration, _tables.Generation);
        Counters[Counter.Polls]++;
    }

    private int ReceiveFromPorts()
    {
        Port[] ports = _tables.Receivers[Index];
        if (_firstPort >= ports.Length)
            _firstPort = 0; // wraps, also when this generation has fewer ports
        int filled = 0;
        for (int n = 0; n < ports.Length && filled < Batch.Capacity; n++)
        {
            int at = _firstPort + n;
            filled += ports[at < ports.Length ? at : at - ports.Length].Receive(_batch, filled,
                Batch.Capacity - filled);
        }

        // The next turn starts one port further, so that a busy port cannot keep the others out of full batches.
        _firstPort++;
        return filled;
    }

    private void WalkPending()
    {
        while (_pending.Count != 0)
        {
            // Since the turn began a timer, a command or a packet may have changed a neighbor.
            Rewrites.Follow(_tables.Generation, _state.Neighbors.Version);
            _pending.MoveTo(_batch);
            Walk();
        }
    }

    private bool RunTimers()
    {
        bool due = false;
        if (Resolver.NextDue <= Now)
        {
            Resolver.OnTimer();
            due = true;
        }

        if (_nextAging <= Now)
        {
            Age();
            due = true;
        }

        return due;
    }

    /// <summary>Forgets what was not seen for long, a slice each second; stops when both tables are empty.</summary>
    private void Age()
    {
        _aging.Run(this);
        _nextAging = _state.Fdb.Count + _state.Neighbors.Count == 0 ? Tick.Never : Now + 1_000_000_000;
    }

    private void Walk()
    {
        Counters[Counter.Batches]++;
        try
        {
            WalkNodes();
        }
        catch (Exception e) when (e is not InvariantException)
        {
            // One malformed packet that a node mishandles must not stop the switch; a broken account must.
            LastFault = e;
            Counters[Counter.Faults]++;
            _batch.DropRest(DropReason.Unspecified);
        }

        foreach (int slot in _batch.Finish())
        {
            FrameAddress frame = _batch[slot].Frame;
            UmemOf(frame).ReleasePacket(frame);
        }
    }

    private void WalkNodes()
    {
        int node;
        while ((node = _batch.Next(out PacketSet packets)) >= 0)
        {
            _nodes[node].Process(this, _batch, packets);
            _batch.End(packets);
            Counters.Handled(node) += (ulong)packets.Count;
        }
    }

    private void EndTurn()
    {
        foreach (Port port in _dirty.Ports)
            port.Flush(this);
        _dirty.Clear();
        foreach (Port port in _tables.Receivers[Index])
            port.Service(this);
        Handoff.WakeOthers();
    }
}
