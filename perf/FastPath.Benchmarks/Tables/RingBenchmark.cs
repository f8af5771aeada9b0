using System;
using BenchmarkDotNet.Attributes;
using FastPath.Dataplane.Engine;
using FastPath.Testing;
using FastPath.Xdp;

namespace FastPath.Benchmarks.Tables;

/// <summary>A frame's way through rings: between workers, and through the TX and completion rings of a socket.</summary>
public class RingBenchmark : IDisposable
{
    private const int Batch = 64;

    private readonly SpscRing<ulong> _ring = new(1024);
    private readonly Umem _umem = Umem.Create(new UmemOptions(1024));
    private MemoryKernel? _kernel;

    [GlobalSetup]
    public void Setup() => _kernel = new MemoryKernel(_umem, new XdpSocketOptions { Port = 1 });

    [GlobalCleanup]
    public void Dispose()
    {
        _kernel?.Socket.Dispose();
        _kernel?.Dispose();
        _umem.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>One thread plays both sides: the cost without waiting for the other core's lines.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public ulong BetweenWorkers()
    {
        ulong sum = 0;
        for (ulong n = 0; n < Batch; n++)
            _ring.TryAdd(n);
        while (_ring.TryTake(out ulong item))
            sum += item;
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public int TransmitAndComplete()
    {
        TxRing tx = _kernel!.Socket.Tx;
        CompletionRing completion = _kernel.Socket.Completion;
        for (uint n = 0; n < Batch; n++)
            tx.Add(n * (uint)_umem.ChunkBytes, length: 60, options: 0);
        tx.Publish();
        _kernel.Socket.Kick();
        int count = completion.Available();
        int done = 0;
        for (int n = 0; n < count; n++)
            done += tx.TryComplete(completion[n]) ? 1 : 0;
        tx.EndCompletions();
        completion.Advance(count);
        return done;
    }
}
