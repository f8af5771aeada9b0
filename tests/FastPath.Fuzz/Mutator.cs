using System;
using System.Collections.Generic;
using FastPath.Dataplane.Ports;

namespace FastPath.Fuzz;

/// <summary>Changes inputs: bits, bytes, lengths, ends, pieces of others, and the fields where headers keep their lengths.</summary>
internal sealed class Mutator(SeededRandom random, IReadOnlyList<byte[]> seeds)
{
    private const int BytesMax = 9100;

    // Where headers behind Ethernet keep types, lengths, offsets and protocols: IPv4, IPv6, UDP and VXLAN behind them.
    private static readonly int[] s_fields = [12, 13, 14, 16, 17, 18, 19, 20, 21, 22, 23, 38, 39, 42, 44, 46, 47, 54, 55, 56, 57, 58];
    private static readonly byte[] s_values = [0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 17, 20, 40, 43, 44, 45, 51, 58, 60, 63, 64, 96, 127, 128, 135, 136, 255];

    /// <summary>A mutation of a random seed: one to six changes.</summary>
    public byte[] Next()
    {
        byte[] bytes = [.. seeds[random.Below(seeds.Count)]];
        for (int n = random.Below(6); n >= 0; n--)
            bytes = Change(bytes);
        return bytes.Length <= BytesMax ? bytes : bytes[..BytesMax];
    }

    private byte[] Change(byte[] bytes)
    {
        if (bytes.Length == 0)
            return [(byte)random.Next()];
        int at = random.Below(bytes.Length);
        switch (random.Below(10))
        {
            case 0 or 1:
                bytes[at] ^= (byte)(1 << random.Below(8));
                return bytes;
            case 2:
                bytes[at] = s_values[random.Below(s_values.Length)];
                return bytes;
            case 3 or 4:
                return SetField(bytes);
            case 5:
                return bytes[..at];
            case 6:
                return Splice(bytes, at);
            case 7:
                return Repeat(bytes, at);
            case 8:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + 1 + random.Below(16))..]];
            default:
                return SetLength(bytes, at);
        }
    }

    private byte[] SetField(byte[] bytes)
    {
        int at = s_fields[random.Below(s_fields.Length)];
        if (at < bytes.Length)
            bytes[at] = random.Permille(700) ? s_values[random.Below(s_values.Length)] : (byte)random.Next();
        return bytes;
    }

    private byte[] Splice(byte[] bytes, int at)
    {
        byte[] other = seeds[random.Below(seeds.Count)];
        int from = random.Below(other.Length + 1);
        return [.. bytes[..at], .. other[from..]];
    }

    private byte[] Repeat(byte[] bytes, int at)
    {
        int length = Math.Min(1 + random.Below(32), bytes.Length - at);
        return [.. bytes[..(at + length)], .. bytes[at..]];
    }

    /// <summary>Writes the number of bytes that follow, or nearly that many, as 16 bits.</summary>
    private byte[] SetLength(byte[] bytes, int at)
    {
        if (at + 2 > bytes.Length)
            return bytes;
        int length = bytes.Length - at + random.Below(5) - 2;
        (bytes[at], bytes[at + 1]) = ((byte)(length >> 8), (byte)length);
        return bytes;
    }
}
