using System;
using System.Collections.Generic;
using System.Threading;
using FastPath.Control.Config;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Xdp;

namespace FastPath.Control.Switch;

/// <summary>
/// The workers of the switch: on threads, or stepped on the caller's thread (capture files, tests). Publishes tables and
/// waits until every worker has seen them; carries out commands on a worker and waits for them.
/// </summary>
internal sealed class SwitchCore : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly List<Worker> _workers = [];
    private readonly List<WorkerThread> _threads = [];

    public SwitchCore(SystemSettings settings, IReadOnlyList<Umem> homes, bool hasThreads, Clock? clock = null)
    {
        ulong seed = BitConverter.ToUInt64(Guid.NewGuid().ToByteArray());
        State = new SwitchState(Graph.Discover(), clock ?? Clock.Monotonic, new FdbTable(settings.FdbEntries, seed),
            new NeighborTable(settings.NeighborEntries, ~seed), settings.Workers);
        for (int index = 0; index < settings.Workers; index++)
        {
            Enter(homes[index]);
            Worker worker = new(State, index, homes[index]);
            _workers.Add(worker);
            if (hasThreads)
                _threads.Add(new WorkerThread(worker, ProcessorOf(settings, index),
                    new IdlePolicy(settings.SpinMicroseconds * 1000L), settings.Refused));
        }
    }

    public SwitchState State { get; }

    public IReadOnlyList<Worker> Workers => _workers;

    public IReadOnlyList<WorkerThread> Threads => _threads;

    /// <summary>Makes a UMEM known to all workers. Before a packet is in it.</summary>
    public void Enter(Umem umem) => State.Umems[umem.Number] = umem;

    public void Start()
    {
        foreach (WorkerThread thread in _threads)
            thread.Start();
    }

    /// <summary>Makes tables the present ones and returns when every worker uses them.</summary>
    public void Publish(SwitchTables tables)
    {
        State.Root.Publish(tables);
        foreach (WorkerThread thread in _threads)
            thread.Wake();
        foreach (Worker worker in _workers)
            Wait(worker, () => worker.SeenGeneration >= tables.Generation);
    }

    /// <summary>Lets a worker carry something out between two batches, and returns when it has.</summary>
    public void Run(int index, Action<Worker> command)
    {
        Worker worker = _workers[index];
        bool done = false;
        bool added = worker.Commands.TryAdd(w =>
        {
            command(w);
            Volatile.Write(ref done, true);
        });
        if (!added)
            throw new InvalidOperationException($"worker {index} takes no more commands");
        if (_threads.Count != 0)
            _threads[index].Wake();
        Wait(worker, () => Volatile.Read(ref done));
    }

    /// <summary>What stopped a worker; null while all run.</summary>
    public Exception? Failure
    {
        get
        {
            foreach (WorkerThread thread in _threads)
                if (thread.Failure is { } failure)
                    return failure;
            return null;
        }
    }

    /// <summary>Stops the threads; their workers do nothing more.</summary>
    public void Stop()
    {
        foreach (WorkerThread thread in _threads)
            thread.Stop();
    }

    public void Dispose()
    {
        foreach (WorkerThread thread in _threads)
            thread.Dispose();
        foreach (Worker worker in _workers)
            worker.Dispose();
        State.Dispose();
    }

    private void Wait(Worker worker, Func<bool> isDone)
    {
        long deadline = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        SpinWait spin = default;
        while (!isDone())
        {
            if (_threads.Count == 0)
            {
                worker.PollOnce();
                continue;
            }

            if (_threads[worker.Index].Failure is { } failure)
                throw new InvalidOperationException($"worker {worker.Index} has stopped: {failure.Message}", failure);
            if (Environment.TickCount64 > deadline)
                throw new TimeoutException($"worker {worker.Index} did not answer within {s_patience.TotalSeconds} seconds");
            spin.SpinOnce();
        }
    }

    private static int? ProcessorOf(SystemSettings settings, int index) =>
        settings.Processors.Count == 0 ? null : settings.Processors[index];
}
