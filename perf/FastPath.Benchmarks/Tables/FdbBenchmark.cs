using System;
using BenchmarkDotNet.Attributes;
using FastPath.Dataplane.Tables;

namespace FastPath.Benchmarks.Tables;

/// <summary>The forwarding database: known addresses in random order.</summary>
public class FdbBenchmark : IDisposable
{
    private const int Capacity = 65_536;

    private readonly FdbTable _fdb = new(Capacity, seed: 20_451);
    private ulong[] _keys = [];

    [Params(1_000, 32_000)]
    public int Addresses { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        ulong[] all = [.. TableBenchmarks.Draw(Addresses, random => FdbTable.Key(1, (ulong)random.NextInt64(1L << 40)))];
        foreach (ulong key in all)
            _fdb.Learn(key, port: 1, second: 1);
        _keys = [.. TableBenchmarks.Draw(TableBenchmarks.Keys, random => all[random.Next(all.Length)])];
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _fdb.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = TableBenchmarks.Keys)]
    public int Lookup()
    {
        int sum = 0;
        foreach (ulong key in _keys)
            sum += _fdb.Lookup(key);
        return sum;
    }

    /// <summary>The usual case of learning: the address is known on the port, its second is the same.</summary>
    [Benchmark(OperationsPerInvoke = TableBenchmarks.Keys)]
    public int Learn()
    {
        int same = 0;
        foreach (ulong key in _keys)
            same += _fdb.Learn(key, port: 1, second: 1) == FdbUpdate.Same ? 1 : 0;
        return same;
    }
}
