using System;
using System.Diagnostics;
using System.Threading;
using FastPath.Dataplane.Telemetry;
using FastPath.Xdp;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// Runs one worker on a thread of its own, pinned when a processor is given, and lets it sleep when idle.
/// </summary>
[PerWorker]
public sealed class WorkerThread : IDisposable
{
    private const long AuditNanoseconds = 30_000_000_000; // of activity: no timer wakes an idle worker for it
    // Packets that a device did not take: try again soon, without spinning
    private const long RetryNanoseconds = 200_000;
    private const long RelaxNanoseconds = 1_000_000;

    private readonly Worker _worker;
    private readonly int? _processor;
    private readonly IdlePolicy _idle;
    private readonly Sleeper _sleeper;
    private readonly Thread _thread;
    private bool _stop;
    private long _gapSecond;
    private ulong _gapOfSecond;

    public WorkerThread(Worker worker, int? processor, IdlePolicy idle, KernelFeature refused = KernelFeature.None)
    {
        _worker = worker;
        _processor = processor;
        _idle = idle;
        _sleeper = new Sleeper(refused);
        worker.SetWaker(_sleeper);
        _thread = new Thread(Run) { Name = $"fastpath-worker-{worker.Index}", IsBackground = true };
    }

    public Worker Worker => _worker;

    /// <summary>What stopped the thread, when it was not asked to.</summary>
    public Exception? Failure { get; private set; }

    public void Start() => _thread.Start();

    /// <summary>Makes the worker look at its commands and tables now.</summary>
    public void Wake() => _sleeper.Wake();

    /// <summary>Stops after the current turn and waits for that.</summary>
    public void Stop()
    {
        Volatile.Write(ref _stop, true);
        _sleeper.Wake();
        if (_thread.IsAlive)
            _thread.Join();
    }

    public void Dispose()
    {
        Stop();
        _sleeper.Dispose();
    }

    private void Run()
    {
        try
        {
            if (_processor is int processor)
                CpuAffinity.PinCurrentThread(processor);
            Loop();
        }
        catch (Exception e) when (e is InvariantException or XdpException)
        {
            Failure = e;
        }
    }

    private void Loop()
    {
        long idleSince = 0;
        long previous = Stopwatch.GetTimestamp();
        long nextAudit = previous + AuditNanoseconds;
        long nextRelax = previous + RelaxNanoseconds;
        while (!Volatile.Read(ref _stop))
        {
            bool busy = _worker.PollOnce();
            NoteGap(ref previous);
            if (previous >= nextAudit)
            {
                _worker.AuditFrames();
                nextAudit = previous + AuditNanoseconds;
            }

            if (previous >= nextRelax)
            {
                WatchList.Relax(_sleeper, _worker.Tables.Receivers[_worker.Index]);
                nextRelax = previous + RelaxNanoseconds;
            }

            if (busy)
            {
                idleSince = 0;
                continue;
            }

            if (idleSince == 0)
                idleSince = previous;
            if (previous - idleSince < _idle.SpinNanoseconds)
            {
                Thread.SpinWait(8);
                continue;
            }

            SleepUntilNeeded();
            previous = Stopwatch.GetTimestamp();
            nextRelax = previous + RelaxNanoseconds;
            idleSince = 0;
        }
    }

    private void NoteGap(ref long previous)
    {
        long now = Stopwatch.GetTimestamp();
        ulong gap = (ulong)(now - previous);
        previous = now;
        if (now - _gapSecond >= 1_000_000_000)
            BeginGapSecond(now);
        if (gap <= _gapOfSecond)
            return;
        _gapOfSecond = gap;
        Raise(Counter.PollGapRecentNs, gap);
        Raise(Counter.PollGapMaxNs, gap);
    }

    /// <summary>The recent gap is the worst of the second that ended and the one that begins.</summary>
    private void BeginGapSecond(long now)
    {
        _worker.Counters[Counter.PollGapRecentNs] = _gapOfSecond;
        _gapOfSecond = 0;
        _gapSecond = now;
    }

    private void Raise(Counter counter, ulong value)
    {
        ref ulong longest = ref _worker.Counters[counter];
        if (value > longest)
            longest = value;
    }

    private void SleepUntilNeeded()
    {
        _sleeper.Announce();
        if (!_worker.PollOnce() && !Volatile.Read(ref _stop))
        {
            // Of the tables that PollOnce has seen: who publishes later ones finds the sleep announced and ends it.
            WatchList.Restore(_sleeper, _worker.Tables.Receivers[_worker.Index]);
            _worker.Counters[Counter.Sleeps]++;
            _sleeper.Sleep(_worker.HasUnsent ? RetryNanoseconds : NanosecondsToNextTimer());
        }

        _sleeper.Resume();
    }

    private long NanosecondsToNextTimer() =>
        _worker.NextTimer == Tick.Never ? -1 : Math.Max(0, _worker.NextTimer - new Tick(Stopwatch.GetTimestamp()));
}
