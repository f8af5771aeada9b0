using System.Collections.Generic;
using System.Linq;
using CsCheck;
using FastPath.Dataplane.Tables;
using FastPath.Net;
using Xunit;

namespace FastPath.Tests.Dataplane.Tables;

public sealed class Fib4Tests
{
    // Few distinct first bits: prefixes lie inside each other, as in a real table.
    private static readonly Gen<(uint Address, int Length)> s_prefix =
        Gen.Select(Gen.UInt[0, 7], Gen.UInt, Gen.Int[0, 32]).Select((high, low, length) =>
        {
            uint address = (high << 29) | (low & 0x0103_0307);
            return (length == 0 ? 0 : address & (uint.MaxValue << (32 - length)), length);
        });

    [Fact]
    public void Finds_what_a_scan_of_all_prefixes_finds() =>
        Gen.Select(s_prefix.Array[0, 60], Gen.UInt.Array[20]).Sample((prefixes, addresses) =>
        {
            (uint Address, int Length)[] distinct = [.. prefixes.Distinct()];
            Fib4 fib = Fib4.Build(distinct.Select((p, n) => (new Ip4Address(p.Address), p.Length, n + 1)));
            // Each prefix's own edges are where a table is wrong first.
            IEnumerable<uint> edges =
                distinct.SelectMany(p => new[] { p.Address, p.Address - 1, Last(p), Last(p) + 1 });
            foreach (uint address in addresses.Concat(edges))
                Assert.Equal(Scan(distinct, address), fib.Lookup(new Ip4Address(address)));
        });

    [Fact]
    public void An_empty_table_finds_adjacency_0()
    {
        Assert.Equal(0, Fib4.Empty.Lookup(default));
        Assert.Equal(0, Fib4.Empty.Lookup(Ip4Address.Parse("255.255.255.255")));
    }

    [Fact]
    public void A_default_route_is_found_by_everything_else()
    {
        Fib4 fib = Fib4.Build([(default, 0, 7), (Ip4Address.Parse("10.0.0.0"), 8, 8)]);
        Assert.Equal(7, fib.Lookup(Ip4Address.Parse("11.0.0.0")));
        Assert.Equal(8, fib.Lookup(Ip4Address.Parse("10.255.255.255")));
    }

    [Fact]
    public void The_order_of_routes_does_not_matter()
    {
        (Ip4Address, int, int)[] routes =
            [(Ip4Address.Parse("10.1.1.1"), 32, 3), (Ip4Address.Parse("10.1.0.0"), 16, 2), (default, 0, 1)];
        Assert.Equal(3, Fib4.Build(routes).Lookup(Ip4Address.Parse("10.1.1.1")));
        Assert.Equal(3, Fib4.Build(routes.Reverse()).Lookup(Ip4Address.Parse("10.1.1.1")));
    }

    private static uint Last((uint Address, int Length) p) =>
        p.Length == 32 ? p.Address : p.Length == 0 ? uint.MaxValue : p.Address | (uint.MaxValue >> p.Length);

    private static int Scan((uint Address, int Length)[] prefixes, uint address)
    {
        int best = 0;
        int bestLength = -1;
        for (int n = 0; n < prefixes.Length; n++)
        {
            (uint network, int length) = prefixes[n];
            bool matches = length == 0 || address >> (32 - length) == network >> (32 - length);
            if (matches && length > bestLength)
                (best, bestLength) = (n + 1, length);
        }

        return best;
    }
}
