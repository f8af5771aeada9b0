using System.Collections.Generic;
using BenchmarkDotNet.Attributes;
using FastPath.Dataplane.Tables;
using FastPath.Net;

namespace FastPath.Benchmarks.Tables;

/// <summary>IPv4 route lookups in random order, one after the other.</summary>
public class Fib4Benchmark
{
    private Fib4 _fib = Fib4.Empty;
    private Ip4Address[] _destinations = [];

    [Params(1_000, 100_000, 900_000)]
    public int Routes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        List<(Ip4Address Address, int Length, int Adjacency)> routes = InternetTable.Ip4(Routes);
        _fib = Fib4.Build(routes);
        // A random host of a random prefix: every lookup matches something.
        _destinations = [.. TableBenchmarks.Draw(TableBenchmarks.Keys, random =>
        {
            (Ip4Address address, int length, _) = routes[random.Next(routes.Count)];
            return new Ip4Address(address.Value | (uint)(random.NextInt64(1L << 32) & ((1L << (32 - length)) - 1)));
        })];
    }

    [Benchmark(OperationsPerInvoke = TableBenchmarks.Keys)]
    public int Lookup()
    {
        int sum = 0;
        foreach (Ip4Address destination in _destinations)
            sum += _fib.Lookup(destination);
        return sum;
    }
}
