using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using FastPath.Dataplane.Tables;
using Xunit;

namespace FastPath.Tests.Dataplane.Tables;

public sealed class FdbTableTests
{
    [Fact]
    public void Behaves_like_a_dictionary() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[1, 40], Gen.Int[1, 9]).Array[0, 400].Sample(steps =>
        {
            using FdbTable table = new(1024, seed: 7);
            Dictionary<ulong, int> oracle = [];
            foreach ((int what, int address, int port) in steps)
            {
                ulong key = FdbTable.Key(1 + (address & 1), (ulong)address);
                if (what == 0)
                    Assert.Equal(oracle.Remove(key), table.Remove(key));
                else if (what == 1)
                    Forget(table, oracle, port);
                else
                {
                    FdbUpdate expected = !oracle.TryGetValue(key, out int old) ? FdbUpdate.Added
                        : old == port ? FdbUpdate.Same : FdbUpdate.Moved;
                    Assert.Equal(expected, table.Learn(key, port, 5));
                    oracle[key] = port;
                }
            }

            Assert.Equal(oracle.Count, table.Count);
            for (int address = 1; address <= 40; address++)
                for (int bridge = 1; bridge <= 2; bridge++)
                    Assert.Equal(oracle.GetValueOrDefault(FdbTable.Key(bridge, (ulong)address)),
                        table.Lookup(FdbTable.Key(bridge, (ulong)address)));
        });

    [Fact]
    public void Takes_three_quarters_of_its_capacity_and_then_refuses_rather_than_evicts()
    {
        using FdbTable table = new(4096, seed: 99);
        List<ulong> taken = [];
        Random random = new(1);
        for (int n = 0; n < 4096; n++)
        {
            ulong key = FdbTable.Key(1, (ulong)random.NextInt64(1L << 46));
            FdbUpdate update = table.Learn(key, 3, 0);
            if (update == FdbUpdate.Full)
                continue;
            taken.Add(key);
        }

        Assert.True(taken.Count > 3072, $"{taken.Count} of 4096");
        Assert.All(taken, key => Assert.Equal(3, table.Lookup(key)));
    }

    [Fact]
    public void A_static_entry_neither_moves_nor_ages()
    {
        using FdbTable table = new(64, seed: 1);
        ulong key = FdbTable.Key(1, 0x02_00_00_00_00_01);
        Assert.True(table.SetStatic(key, 4));
        Assert.Equal(FdbUpdate.Same, table.Learn(key, 5, 0)); // a packet does not move it
        Assert.True(table.IsFresh(key, 5, 7)); // so that its batch takes the fast way
        Assert.Equal(0, table.Age(0, table.Capacity, 1_000_000, [0, 300]));
        Assert.Equal(4, table.Lookup(key));
        Assert.Equal(0, table.Flush(4, includeStatic: false));
        Assert.Equal(1, table.Flush(4, includeStatic: true));
        Assert.Equal(0, table.Lookup(key));
    }

    [Fact]
    public void Ages_by_the_time_of_the_last_packet_and_the_bridge()
    {
        using FdbTable table = new(64, seed: 1);
        table.Learn(FdbTable.Key(1, 1), 4, second: 100);
        table.Learn(FdbTable.Key(1, 2), 4, second: 350);
        table.Learn(FdbTable.Key(2, 3), 4, second: 100);
        Assert.Equal(1, table.Age(0, table.Capacity, 400, [0, 300, 1000]));
        Assert.Equal(0, table.Lookup(FdbTable.Key(1, 1)));
        Assert.Equal(4, table.Lookup(FdbTable.Key(1, 2)));
        Assert.Equal(4, table.Lookup(FdbTable.Key(2, 3)));
    }

    [Fact]
    public void Lists_what_it_holds()
    {
        using FdbTable table = new(64, seed: 1);
        table.Learn(FdbTable.Key(7, 0x0200_0000_0009), 4, second: 12);
        List<FdbRecord> records = [];
        for (int n = 0; n < table.Capacity; n++)
            if (table.TryRead(n, out FdbRecord record))
                records.Add(record);
        Assert.Equal(new FdbRecord(7, 0x0200_0000_0009, 4, false, 12), Assert.Single(records));
    }

    private static void Forget(FdbTable table, Dictionary<ulong, int> oracle, int port)
    {
        ulong[] gone = oracle.Where(pair => pair.Value == port).Select(pair => pair.Key).ToArray();
        Assert.Equal(gone.Length, table.Flush(port, includeStatic: false));
        foreach (ulong key in gone)
            oracle.Remove(key);
    }
}
