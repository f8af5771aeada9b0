using System;

namespace FastPath.Sim.Reference;

/// <summary>Reads and writes numbers in network order, one byte at a time, and sums them: slow and plain.</summary>
internal static class Bytes
{
    public static int U16(byte[] bytes, int at) => (bytes[at] << 8) | bytes[at + 1];

    public static ulong Read(byte[] bytes, int at, int count)
    {
        ulong value = 0;
        for (int n = 0; n < count; n++)
            value = (value << 8) | bytes[at + n];
        return value;
    }

    public static UInt128 U128(byte[] bytes, int at) => new(Read(bytes, at, 8), Read(bytes, at + 8, 8));

    public static void Put(byte[] bytes, int at, int count, UInt128 value)
    {
        for (int n = count - 1; n >= 0; n--, value >>= 8)
            bytes[at + n] = (byte)value;
    }

    public static byte[] Of(int count, UInt128 value)
    {
        byte[] bytes = new byte[count];
        Put(bytes, 0, count, value);
        return bytes;
    }

    /// <summary>Ones' complement sum of 16-bit words (RFC 1071).</summary>
    public static int Sum(byte[] bytes, int from, int to, int sum = 0)
    {
        for (int at = from; at < to; at += 2)
        {
            sum += (bytes[at] << 8) | (at + 1 < to ? bytes[at + 1] : 0);
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum;
    }

    /// <summary>Sum of the pseudo-header of either family (RFC 768, RFC 8200 section 8.1).</summary>
    public static int PseudoHeader(byte[] addresses, int protocol, int length) =>
        Sum([.. addresses, .. Of(4, (uint)length), 0, 0, 0, (byte)protocol], 0, addresses.Length + 8);

    /// <summary>Computes a checksum over a stretch and writes it.</summary>
    public static void WriteChecksum(byte[] bytes, int from, int to, int field, int pseudo = 0)
    {
        Put(bytes, field, 2, 0);
        Put(bytes, field, 2, (UInt128)(ushort)~Sum(bytes, from, to, pseudo));
    }
}
