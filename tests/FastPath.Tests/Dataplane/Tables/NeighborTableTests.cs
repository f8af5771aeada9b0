using System.Collections.Generic;
using System.Linq;
using CsCheck;
using FastPath.Dataplane.Tables;
using FastPath.Net;
using Xunit;

namespace FastPath.Tests.Dataplane.Tables;

public sealed class NeighborTableTests
{
    private static readonly Gen<NeighborKey> s_key =
        Gen.Select(Gen.UShort[1, 3], Gen.Bool, Gen.UInt[0, 15]).Select((port, isV4, n) =>
        isV4
            ? NeighborKey.Of(port, new Ip4Address(0x0A00_0000 + n))
            : NeighborKey.Of(port, new Ip6Address(0xFD00UL << 48, n)));

    [Fact]
    public void Behaves_like_a_dictionary() =>
        Gen.Select(s_key, Gen.Int[0, 2], Gen.ULong[1, 0xFFFF_FFFF_FFFF]).Array[0, 200].Sample(steps =>
        {
            using NeighborTable table = new(256, 1);
            Dictionary<NeighborKey, ulong> oracle = [];
            foreach ((NeighborKey key, int action, ulong mac) in steps)
            {
                if (action == 0)
                    Assert.Equal(oracle.Remove(key), table.Remove(key));
                else
                {
                    Assert.True(table.Set(key, mac, NeighborState.Reachable, 0));
                    oracle[key] = mac;
                }

                Assert.Equal(oracle.TryGetValue(key, out ulong expected), table.TryLookup(key, out ulong found));
                Assert.Equal(expected, found);
                Assert.Equal(oracle.Count, table.Count);
            }

            Assert.Equal(oracle.Keys.Order(s_byText), Listed(table).Select(record => record.Key).Order(s_byText));
        });

    [Fact]
    public void The_same_address_on_two_ports_or_of_two_families_is_two_neighbors()
    {
        using NeighborTable table = new(64, 1);
        Assert.True(table.Set(NeighborKey.Of(1, new Ip4Address(9)), 0xA, NeighborState.Reachable, 0));
        Assert.False(table.TryLookup(NeighborKey.Of(2, new Ip4Address(9)), out _));
        Assert.False(table.TryLookup(NeighborKey.Of(1, new Ip6Address(0, 9)), out _));
    }

    [Fact]
    public void What_the_operator_or_the_kernel_says_is_not_overwritten_by_a_packet()
    {
        using NeighborTable table = new(64, 1);
        NeighborKey key = NeighborKey.Of(1, new Ip4Address(9));
        table.Set(key, 0xA, NeighborState.Static, 0);
        Assert.True(table.Set(key, 0xB, NeighborState.Reachable, 5));
        Assert.True(table.TryLookup(key, out ulong mac));
        Assert.Equal(0xAUL, mac);
        table.Set(key, 0xC, NeighborState.Static, 5);
        Assert.True(table.TryLookup(key, out mac));
        Assert.Equal(0xCUL, mac);
    }

    [Fact]
    public void A_full_neighbourhood_refuses_rather_than_evicts()
    {
        using NeighborTable table = new(64, 1);
        List<NeighborKey> kept = [];
        for (uint n = 0; n < 200; n++)
        {
            NeighborKey key = NeighborKey.Of(1, new Ip4Address(n));
            if (table.Set(key, n + 1, NeighborState.Reachable, 0))
                kept.Add(key);
        }

        Assert.InRange(kept.Count, 48, 64);
        Assert.Equal(kept.Count, table.Count);
        Assert.All(kept, key => Assert.True(table.TryLookup(key, out ulong mac) && mac == key.Low + 1));
    }

    [Fact]
    public void Flushing_a_port_leaves_the_others()
    {
        using NeighborTable table = new(64, 1);
        for (ushort port = 1; port <= 3; port++)
            for (uint n = 0; n < 4; n++)
                table.Set(NeighborKey.Of(port, new Ip4Address(n)), 1, NeighborState.Reachable, 0);
        Assert.Equal(4, table.Flush(2));
        Assert.Equal(8, table.Count);
        Assert.DoesNotContain(Listed(table), record => record.Key.Port == 2);
    }

    [Fact]
    public void A_listing_says_all_that_was_set()
    {
        using NeighborTable table = new(64, 1);
        NeighborKey key = NeighborKey.Of(3, Ip6Address.Parse("fd00::9"));
        table.Set(key, 0x0200_0000_0001, NeighborState.Static, 77);
        Assert.Equal(new NeighborRecord(key, MacAddress.FromValue(0x0200_0000_0001), NeighborState.Static, 77),
            Listed(table).Single());
        Assert.Equal("fd00::9", key.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(100)]
    public void Capacities_are_powers_of_two(int capacity) =>
        Assert.Throws<System.ArgumentOutOfRangeException>(() => new NeighborTable(capacity, 1));

    private static readonly IComparer<NeighborKey> s_byText =
        Comparer<NeighborKey>.Create((a, b) => string.CompareOrdinal($"{a.Port} {a}", $"{b.Port} {b}"));

    private static IEnumerable<NeighborRecord> Listed(NeighborTable table)
    {
        for (int n = 0; n < table.Capacity; n++)
            if (table.TryRead(n, out NeighborRecord record))
                yield return record;
    }
}
