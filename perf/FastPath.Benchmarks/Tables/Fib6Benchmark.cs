using System.Collections.Generic;
using BenchmarkDotNet.Attributes;
using FastPath.Dataplane.Tables;
using FastPath.Net;

namespace FastPath.Benchmarks.Tables;

/// <summary>IPv6 route lookups in random order, one after the other.</summary>
public class Fib6Benchmark
{
    private Fib6 _fib = Fib6.Empty;
    private Ip6Address[] _destinations = [];

    [Params(1_000, 100_000, 160_000)]
    public int Routes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        List<(Ip6Address Address, int Length, int Adjacency)> routes = InternetTable.Ip6(Routes);
        _fib = Fib6.Build(routes);
        _destinations = [.. TableBenchmarks.Draw(TableBenchmarks.Keys, random =>
        {
            (Ip6Address address, int length, _) = routes[random.Next(routes.Count)];
            ulong host = length >= 64 ? 0 : (ulong)random.NextInt64() & (ulong.MaxValue >> length);
            return length > 64 ? address : new Ip6Address(address.High | host, (ulong)random.NextInt64());
        })];
    }

    [Benchmark(OperationsPerInvoke = TableBenchmarks.Keys)]
    public int Lookup()
    {
        int sum = 0;
        foreach (Ip6Address destination in _destinations)
            sum += _fib.Lookup(destination);
        return sum;
    }
}
