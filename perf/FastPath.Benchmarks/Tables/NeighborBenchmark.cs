using System;
using BenchmarkDotNet.Attributes;
using FastPath.Dataplane.Tables;
using FastPath.Net;

namespace FastPath.Benchmarks.Tables;

/// <summary>Neighbors of one port in random order.</summary>
public class NeighborBenchmark : IDisposable
{
    private readonly NeighborTable _neighbors = new(16_384, seed: 20_451);
    private NeighborKey[] _keys = [];

    [Params(16, 4_000)]
    public int Neighbors { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        for (int n = 0; n < Neighbors; n++)
            _neighbors.Set(Key(n), 0x0200_0000_0000 + (ulong)n, NeighborState.Static, second: 1);
        _keys = [.. TableBenchmarks.Draw(TableBenchmarks.Keys, random => Key(random.Next(Neighbors)))];
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _neighbors.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = TableBenchmarks.Keys)]
    public ulong Lookup()
    {
        ulong sum = 0;
        foreach (ref readonly NeighborKey key in _keys.AsSpan())
            sum += _neighbors.TryLookup(key, out ulong mac) ? mac : 0;
        return sum;
    }

    private static NeighborKey Key(int n) => NeighborKey.Of(1, new Ip4Address(0x0A00_0001 + (uint)n));
}
