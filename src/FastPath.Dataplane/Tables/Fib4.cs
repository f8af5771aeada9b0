using System;
using System.Collections.Generic;
using FastPath.Net;

namespace FastPath.Dataplane.Tables;

/// <summary>
/// Longest-prefix match over IPv4: a multibit trie of strides 16, 8 and 8, built whole for each generation. At most
/// three dependent loads; an entry of 0 or more is an adjacency, a negative one names the next block.
/// </summary>
[Shared]
public sealed class Fib4
{
    private const int RootBits = 16;
    private const int BlockEntries = 256;

    private readonly int[] _root;
    private readonly int[] _blocks;

    private Fib4(int[] root, int[] blocks)
    {
        _root = root;
        _blocks = blocks;
    }

    /// <summary>A table in which nothing matches: everything finds adjacency 0.</summary>
    public static Fib4 Empty { get; } = Build([]);

    /// <summary>Index of the adjacency of the longest matching prefix; 0 when none matches.</summary>
    public int Lookup(Ip4Address destination)
    {
        uint address = destination.Value;
        int entry = _root[address >> RootBits];
        if (entry >= 0)
            return entry;
        entry = _blocks[(~entry * BlockEntries) + (byte)(address >> 8)];
        if (entry >= 0)
            return entry;
        return _blocks[(~entry * BlockEntries) + (byte)address];
    }

    /// <summary>Builds the table. Later entries of the same prefix win; the caller has removed duplicates.</summary>
    public static Fib4 Build(IEnumerable<(Ip4Address Address, int Length, int Adjacency)> routes)
    {
        List<(Ip4Address Address, int Length, int Adjacency)> sorted = [.. routes];
        sorted.Sort((a, b) => a.Length.CompareTo(b.Length)); // longer prefixes overwrite shorter ones
        int[] root = new int[1 << RootBits];
        List<int[]> blocks = [];
        foreach ((Ip4Address address, int length, int adjacency) in sorted)
            Insert(root, blocks, address.Value, length, adjacency);

        int[] flat = new int[blocks.Count * BlockEntries];
        for (int n = 0; n < blocks.Count; n++)
            blocks[n].CopyTo(flat, n * BlockEntries);
        return new Fib4(root, flat);
    }

    private static void Insert(int[] root, List<int[]> blocks, uint address, int length, int adjacency)
    {
        int[] table = root;
        int at = (int)(address >> RootBits);
        int covered = RootBits;
        while (length > covered)
        {
            table = Descend(table, at, blocks);
            covered += 8;
            at = (byte)(address >> (32 - covered));
        }

        table.AsSpan(at, 1 << (covered - length)).Fill(adjacency);
    }

    /// <summary>The block below an entry; a new one starts with what the entry said.</summary>
    private static int[] Descend(int[] table, int at, List<int[]> blocks)
    {
        if (table[at] < 0)
            return blocks[~table[at]];
        int[] block = new int[BlockEntries];
        Array.Fill(block, table[at]);
        blocks.Add(block);
        table[at] = ~(blocks.Count - 1);
        return block;
    }
}
