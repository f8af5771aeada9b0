using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FastPath.Net;

/// <summary>
/// The Internet checksum (RFC 1071), whole and incremental (RFC 1624). Sums and checksums are numbers as RFCs print
/// them: 16-bit words in network order read as integers.
/// </summary>
/// <remarks>
/// The ones' complement sum does not depend on byte order (RFC 1071 section 2 B), so bytes are summed as the machine
/// reads them and the result is swapped once.
/// </remarks>
public static class InternetChecksum
{
    /// <summary>Checksum of the bytes, ready to be stored; 0 when a checksum field inside them is right.</summary>
    public static ushort Compute(ReadOnlySpan<byte> bytes) => (ushort)~Sum(bytes);

    /// <summary>
    /// Ones' complement sum of the bytes, folded, not complemented. A last odd byte counts as the high half.
    /// </summary>
    public static ushort Sum(ReadOnlySpan<byte> bytes) => Swap(Fold(MachineSum(bytes)));

    /// <summary>Adds two folded sums.</summary>
    public static ushort Add(ushort a, ushort b) => Fold((uint)a + b);

    /// <summary>Folds a sum of 16-bit words to 16 bits with end-around carry.</summary>
    public static ushort Fold(ulong sum)
    {
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)((sum & 0xFFFF) + (sum >> 16));
    }

    /// <summary>Sum of a TCP or UDP pseudo-header over IPv4 (RFC 768, RFC 9293).</summary>
    public static ushort PseudoHeader(Ip4Address source, Ip4Address destination, IpProtocol protocol, int length) =>
        Fold((ulong)(source.Value >> 16) + (source.Value & 0xFFFF) + (destination.Value >> 16)
            + (destination.Value & 0xFFFF) + (byte)protocol + (uint)length);

    /// <summary>Sum of a pseudo-header over IPv6 (RFC 8200 section 8.1).</summary>
    public static ushort PseudoHeader(Ip6Address source, Ip6Address destination, IpProtocol protocol, int length) =>
        Fold((ulong)Words(source.High) + Words(source.Low) + Words(destination.High) + Words(destination.Low)
            + ((uint)length >> 16) + ((uint)length & 0xFFFF) + (byte)protocol);

    /// <summary>A checksum after one 16-bit word it covers has changed (RFC 1624 equation 3).</summary>
    public static ushort Update(ushort checksum, ushort before, ushort after) =>
        (ushort)~Fold((uint)(ushort)~checksum + (ushort)~before + after);

    /// <summary>A checksum after a 32-bit field it covers, on an even offset, has changed.</summary>
    public static ushort Update(ushort checksum, uint before, uint after) =>
        (ushort)~Fold((ulong)(ushort)~checksum + (ushort)~(before >> 16) + (ushort)~before + (after >> 16)
            + (after & 0xFFFF));

    /// <summary>
    /// Whether the 20 bytes of an IPv4 header without options have a right checksum: their sum is a multiple of 65,535.
    /// (All zero, whose sum is one, too, is no IPv4 header.)
    /// </summary>
    public static bool IsValidHeader(ref readonly Ipv4Header header) =>
        unchecked(SumOfPlainHeader(in header) * InverseOf65535) <= ulong.MaxValue / 0xFFFF;

    /// <summary>Checksum of an IPv4 header without options whose checksum field is 0.</summary>
    public static ushort OfPlainHeader(ref readonly Ipv4Header header) =>
        (ushort)~Swap(Fold(SumOfPlainHeader(in header)));

    /// <summary>
    /// 0xFFFF times this is 1 modulo 2^64: a number is a multiple of 0xFFFF when its product with it is a quotient that
    /// one can have.
    /// </summary>
    private const ulong InverseOf65535 = 0xFFFE_FFFE_FFFE_FFFF;

    /// <summary>Sum of the 20 bytes as the machine reads them, not folded.</summary>
    private static ulong SumOfPlainHeader(ref readonly Ipv4Header header)
    {
        // SAFETY: the struct is 20 bytes of integers; five reads of four bytes stay inside it.
        ref byte start = ref Unsafe.As<Ipv4Header, byte>(ref Unsafe.AsRef(in header));
        return (ulong)Unsafe.ReadUnaligned<uint>(ref start)
            + Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, 4))
            + Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, 8))
            + Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, 12))
            + Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, 16));
    }

    private static uint Words(ulong value) =>
        (uint)((value >> 48) + (value >> 32 & 0xFFFF) + (value >> 16 & 0xFFFF) + (value & 0xFFFF));

    private static ushort Swap(ushort value) => (ushort)((value >> 8) | (value << 8));

    private static ulong MachineSum(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        if (Vector256.IsHardwareAccelerated && bytes.Length >= 64)
            bytes = bytes[AddVectors(bytes, out sum)..];

        while (bytes.Length >= 4)
        {
            sum += MemoryMarshal.Read<uint>(bytes);
            bytes = bytes[4..];
        }

        if (bytes.Length >= 2)
        {
            sum += MemoryMarshal.Read<ushort>(bytes);
            bytes = bytes[2..];
        }

        // The first byte of a pair is the low one as a little-endian machine reads it.
        return bytes.IsEmpty ? sum : sum + bytes[0];
    }

    /// <summary>
    /// Adds whole 32-byte blocks, as 32-bit words into 64-bit lanes: no carry is lost below 2^32 blocks. Returns the
    /// bytes added.
    /// </summary>
    private static int AddVectors(ReadOnlySpan<byte> bytes, out ulong sum)
    {
        Vector256<ulong> even = default;
        Vector256<ulong> odd = default;
        ref byte start = ref MemoryMarshal.GetReference(bytes);
        int at = 0;
        // SAFETY: each block read ends at or before the span's end.
        for (; at <= bytes.Length - 32; at += 32)
        {
            Vector256<ulong> block = Vector256.LoadUnsafe(ref start, (nuint)at).AsUInt64();
            even += block & Vector256.Create(0xFFFF_FFFFUL);
            odd += block >>> 32;
        }

        sum = Vector256.Sum(even) + Vector256.Sum(odd);
        return at;
    }
}
