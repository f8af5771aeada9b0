using System;
using BenchmarkDotNet.Attributes;
using FastPath.Net;

namespace FastPath.Benchmarks.Tables;

/// <summary>The Internet checksum over headers and packets, whole and incremental.</summary>
public class ChecksumBenchmark
{
    private readonly byte[] _bytes = new byte[9000];
    private ushort _checksum = 0x1234;

    [Params(20, 64, 1460, 9000)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup() => new Random(20_451).NextBytes(_bytes);

    [Benchmark]
    public ushort Compute() => InternetChecksum.Compute(_bytes.AsSpan(0, Bytes));

    [Benchmark]
    public ushort Update() => _checksum = InternetChecksum.Update(_checksum, before: 0x4011, after: 0x3F11);
}
