using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Xdp;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// Packets of one worker that wait for a neighbor's MAC address, and the questions that are under way. Bounded in
/// neighbors, in packets for each, and in time (RFC 1122 section 2.3.2, RFC 4861 section 7.2).
/// </summary>
[PerWorker]
public sealed class Resolver(Worker worker)
{
    private readonly Question[] _questions = new Question[Limits.QuestionsMax];
    private readonly Waiting[] _waiting = new Waiting[Limits.HeldMax];
    private int _questionCount;
    private int _waitingCount;

    /// <summary>When the next question is due again; never while none is under way.</summary>
    public Tick NextDue { get; private set; } = Tick.Never;

    /// <summary>Packets that wait.</summary>
    public int HeldCount => _waitingCount;

    /// <summary>
    /// Takes a packet until the neighbor has answered. False when too many wait; the caller then drops. The packet's
    /// first question is sent at once.
    /// </summary>
    /// <param name="packet">Begins at its network header.</param>
    /// <param name="key">The neighbor.</param>
    /// <param name="entry">Node where it enters again.</param>
    /// <param name="error">Node that answers the sender when the neighbor stays silent.</param>
    /// <param name="errorCode">What that node shall say.</param>
    /// <param name="isNew">Whether the caller shall send the first question.</param>
    internal bool TryHold(in Packet packet, in NeighborKey key, Edge entry, Edge error, int errorCode, out bool isNew)
    {
        isNew = false;
        int question = Find(key);
        if (_waitingCount == Limits.HeldMax || (question < 0 && _questionCount == Limits.QuestionsMax))
            return false;
        if (question < 0)
        {
            question = _questionCount++;
            _questions[question] = new Question { Key = key, Asked = 1, Due = worker.Now + Limits.QuestionNanoseconds };
            isNew = true;
            Reschedule();
        }

        if (_questions[question].Held == Limits.HeldPerNeighbor)
            return false;
        _questions[question].Held++;
        Chain.SetOwner(worker.UmemOf(packet.Frame), packet.Frame, FrameOwner.Held);
        _waiting[_waitingCount++] = new Waiting
        {
            Packet = packet,
            Key = key,
            Entry = entry,
            Error = error,
            ErrorCode = errorCode,
            Generation = worker.Tables.Generation,
        };
        return true;
    }

    /// <summary>Whether a packet of this worker waits for this neighbor.</summary>
    public bool IsAsking(in NeighborKey key) => Find(key) >= 0;

    /// <summary>The neighbor has answered: its packets enter the next batch.</summary>
    public void Answered(in NeighborKey key)
    {
        int question = Find(key);
        if (question >= 0)
            End(question, answered: true);
    }

    /// <summary>
    /// Asks again what is due, and gives up what was asked often enough. A neighbor that is in the table has answered
    /// another worker, whose event was lost.
    /// </summary>
    public void OnTimer()
    {
        for (int n = _questionCount - 1; n >= 0; n--)
        {
            ref Question question = ref _questions[n];
            if (question.Due > worker.Now)
                continue;
            bool isKnown = worker.Neighbors.TryLookup(question.Key, out _);
            if (isKnown || question.Asked == Limits.QuestionsPerNeighbor)
            {
                End(n, answered: isKnown);
                continue;
            }

            question.Asked++;
            question.Due = worker.Now + Limits.QuestionNanoseconds;
            worker.Ask(question.Key);
        }

        Reschedule();
    }

    private void End(int question, bool answered)
    {
        NeighborKey key = _questions[question].Key;
        _questions[question] = _questions[--_questionCount];
        int kept = 0;
        for (int n = 0; n < _waitingCount; n++)
        {
            if (_waiting[n].Key == key)
                LetGo(_waiting[n], answered);
            else
                _waiting[kept++] = _waiting[n];
        }

        _waitingCount = kept;
        Reschedule();
    }

    private void LetGo(in Waiting waiting, bool answered)
    {
        Packet packet = waiting.Packet;
        Chain.SetOwner(worker.UmemOf(packet.Frame), packet.Frame, FrameOwner.Batch);
        worker.Counters[Counter.Released]++;
        if (answered && ++packet.Depth > Limits.DepthMax)
        {
            // It was let go before and missed its neighbor again: a table that changes while it is asked for ends here.
            worker.DropHeld(packet.Frame, DropReason.TooDeep);
            return;
        }

        bool isOld = waiting.Generation != worker.Tables.Generation;
        Edge entry = waiting.Entry;
        if (!answered)
        {
            packet.Adjacency = waiting.ErrorCode;
            entry = waiting.Error;
        }
        else if (isOld)
        {
            // The route may be another by now: look it up again.
            entry = waiting.Key.IsV4 ? worker.Entries.Ip4Lookup : worker.Entries.Ip6Lookup;
        }

        if (!worker.TryEnqueue(packet, entry))
            worker.DropHeld(packet.Frame, DropReason.PendingFull);
    }

    private int Find(in NeighborKey key)
    {
        for (int n = 0; n < _questionCount; n++)
            if (_questions[n].Key == key)
                return n;
        return -1;
    }

    private void Reschedule()
    {
        NextDue = Tick.Never;
        for (int n = 0; n < _questionCount; n++)
            if (_questions[n].Due < NextDue)
                NextDue = _questions[n].Due;
    }

    private struct Question
    {
        public NeighborKey Key;
        public Tick Due;
        public int Asked;
        public int Held;
    }

    private struct Waiting
    {
        public Packet Packet;
        public NeighborKey Key;
        public Edge Entry;
        public Edge Error;
        public int ErrorCode;
        public long Generation;
    }
}
