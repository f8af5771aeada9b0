using System.Linq;
using System.Numerics;
using CsCheck;
using FastPath.Dataplane.Tables;
using FastPath.Net;
using Xunit;

namespace FastPath.Tests.Dataplane.Tables;

public sealed class Fib6Tests
{
    private static readonly Gen<(Ip6Address Address, int Length)> s_prefix =
        Gen.Select(Gen.ULong[0, 3], Gen.ULong, Gen.ULong, Gen.Int[0, 128]).Select((top, high, low, length) =>
        {
            IpAddress address = new(new Ip6Address((top << 62)
                | (high & 0x0003_0001_0000_0003), low & 0x8000_0000_0000_0101));
            return (IpPrefix.Of(address, length).Address.V6, length);
        });

    [Fact]
    public void Finds_what_a_scan_of_all_prefixes_finds() =>
        Gen.Select(s_prefix.Array[0, 40], Gen.Select(Gen.ULong, Gen.ULong).Array[10]).Sample((prefixes, others) =>
        {
            (Ip6Address Address, int Length)[] distinct = [.. prefixes.Distinct()];
            Fib6 fib = Fib6.Build(distinct.Select((p, n) => (p.Address, p.Length, n + 1)));
            foreach ((Ip6Address network, int length) in distinct)
            {
                BigInteger first = Number(network), last = first + BigInteger.Pow(2, 128 - length) - 1;
                foreach (BigInteger edge in new[] { first, first - 1, last, last + 1 })
                    Check(distinct, fib, Address(edge));
            }

            foreach ((ulong high, ulong low) in others)
                Check(distinct, fib, new Ip6Address(high, low));
        });

    [Fact]
    public void An_empty_table_finds_adjacency_0() => Assert.Equal(0, Fib6.Empty.Lookup(Ip6Address.Parse("fd00::1")));

    [Theory]
    [InlineData("fd00::1", 4)]
    [InlineData("fd00::2", 3)]
    [InlineData("fd00:0:0:1::1", 2)]
    [InlineData("2001:db8::1", 1)]
    public void The_longest_prefix_wins(string address, int adjacency)
    {
        Fib6 fib = Fib6.Build([(Ip6Address.Parse("fd00::1"), 128, 4), (Ip6Address.Parse("fd00::"), 64, 3),
            (Ip6Address.Parse("fd00::"), 8, 2), (default, 0, 1)]);
        Assert.Equal(adjacency, fib.Lookup(Ip6Address.Parse(address)));
    }

    private static void Check((Ip6Address Address, int Length)[] prefixes, Fib6 fib, Ip6Address address)
    {
        int best = 0;
        int bestLength = -1;
        for (int n = 0; n < prefixes.Length; n++)
        {
            int shift = 128 - prefixes[n].Length;
            if (Number(address) >> shift == Number(prefixes[n].Address) >> shift && prefixes[n].Length > bestLength)
                (best, bestLength) = (n + 1, prefixes[n].Length);
        }

        Assert.Equal(best, fib.Lookup(address));
    }

    private static BigInteger Number(Ip6Address address) => ((BigInteger)address.High << 64) + address.Low;

    private static Ip6Address Address(BigInteger number)
    {
        BigInteger wrapped = ((number % BigInteger.Pow(2, 128)) + BigInteger.Pow(2, 128)) % BigInteger.Pow(2, 128);
        return new Ip6Address((ulong)(wrapped >> 64), (ulong)(wrapped & ulong.MaxValue));
    }
}
