using System;
using System.Collections.Generic;
using FastPath.Net;

namespace FastPath.Dataplane.Tables;

/// <summary>
/// Longest-prefix match over IPv6: a multibit trie of strides 16 and then 8, built whole for each generation. A /64
/// takes seven dependent loads, a /128 fifteen.
/// </summary>
[Shared]
public sealed class Fib6
{
    private const int RootBits = 16;
    private const int BlockEntries = 256;

    private readonly int[] _root;
    private readonly int[] _blocks;

    private Fib6(int[] root, int[] blocks)
    {
        _root = root;
        _blocks = blocks;
    }

    /// <summary>A table in which nothing matches: everything finds adjacency 0.</summary>
    public static Fib6 Empty { get; } = Build([]);

    /// <summary>Index of the adjacency of the longest matching prefix; 0 when none matches.</summary>
    public int Lookup(Ip6Address destination)
    {
        ulong high = destination.High;
        int entry = _root[high >> 48];
        for (int bit = RootBits; entry < 0; bit += 8)
            entry = _blocks[(~entry * BlockEntries) + OctetAt(destination, high, bit)];
        return entry;
    }

    /// <summary>Builds the table. Later entries of the same prefix win; the caller has removed duplicates.</summary>
    public static Fib6 Build(IEnumerable<(Ip6Address Address, int Length, int Adjacency)> routes)
    {
        List<(Ip6Address Address, int Length, int Adjacency)> sorted = [.. routes];
        sorted.Sort((a, b) => a.Length.CompareTo(b.Length));
        int[] root = new int[1 << RootBits];
        List<int[]> blocks = [];
        foreach ((Ip6Address address, int length, int adjacency) in sorted)
            Insert(root, blocks, address, length, adjacency);

        int[] flat = new int[blocks.Count * BlockEntries];
        for (int n = 0; n < blocks.Count; n++)
            blocks[n].CopyTo(flat, n * BlockEntries);
        return new Fib6(root, flat);
    }

    private static int OctetAt(Ip6Address address, ulong high, int bit) =>
        (byte)(bit < 64 ? high >> (56 - bit) : address.Low >> (120 - bit));

    private static void Insert(int[] root, List<int[]> blocks, Ip6Address address, int length, int adjacency)
    {
        int[] table = root;
        int at = (int)(address.High >> 48);
        int covered = RootBits;
        while (length > covered)
        {
            if (table[at] >= 0)
            {
                int[] block = new int[BlockEntries];
                Array.Fill(block, table[at]);
                blocks.Add(block);
                table[at] = ~(blocks.Count - 1);
            }

            table = blocks[~table[at]];
            at = OctetAt(address, address.High, covered);
            covered += 8;
        }

        table.AsSpan(at, 1 << (covered - length)).Fill(adjacency);
    }
}
