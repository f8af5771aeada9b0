using System;
using CsCheck;
using FastPath.Net;
using Xunit;

namespace FastPath.Tests.Net;

public sealed class InternetChecksumTests
{
    [Fact]
    public void Agrees_with_the_definition_word_by_word() =>
        Gen.Byte.Array[0, 300].Sample(bytes => Assert.Equal(SlowSum(bytes), Canonical(InternetChecksum.Sum(bytes))));

    [Fact]
    public void The_example_of_RFC_1071() =>
        Assert.Equal(0xDDF2, InternetChecksum.Sum([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]));

    [Fact]
    public void A_large_packet_of_ones_does_not_lose_a_carry()
    {
        byte[] bytes = new byte[65_400];
        bytes.AsSpan().Fill(0xFF);
        Assert.Equal(0xFFFF, InternetChecksum.Sum(bytes));
    }

    [Fact]
    public void Changing_a_word_incrementally_is_the_same_as_computing_again() =>
        Gen.Select(Gen.Byte.Array[20], Gen.Int[0, 9], Gen.UShort).Sample((bytes, word, value) =>
        {
            ushort before = InternetChecksum.Compute(bytes);
            ushort old = (ushort)((bytes[word * 2] << 8) | bytes[(word * 2) + 1]);
            bytes[word * 2] = (byte)(value >> 8);
            bytes[(word * 2) + 1] = (byte)value;
            Assert.Equal(Canonical(InternetChecksum.Compute(bytes)),
                Canonical(InternetChecksum.Update(before, old, value)));
        });

    [Fact]
    public void Changing_a_32_bit_field_is_changing_two_words() =>
        Gen.Select(Gen.UShort, Gen.UInt, Gen.UInt).Sample((checksum, before, after) =>
        {
            ushort two = InternetChecksum.Update(checksum, (ushort)(before >> 16), (ushort)(after >> 16));
            two = InternetChecksum.Update(two, (ushort)before, (ushort)after);
            Assert.Equal(Canonical(two), Canonical(InternetChecksum.Update(checksum, before, after)));
        });

    [Fact]
    public void The_update_of_RFC_1624_section_4_does_not_give_minus_zero() =>
        Assert.Equal(0x0000, InternetChecksum.Update(0xDD2F, 0x5555, 0x3285));

    [Fact]
    public void A_header_check_is_the_sum_of_its_20_bytes() =>
        Gen.Select(Gen.Byte.Array[20], Gen.Bool).Sample((bytes, right) =>
        {
            bytes[10] = bytes[11] = 0;
            ushort checksum = InternetChecksum.Compute(bytes);
            bytes[10] = (byte)(checksum >> 8);
            bytes[11] = (byte)checksum;
            if (!right)
                bytes[3] ^= 1;
            Ipv4Header header = Wire.Read<Ipv4Header>(bytes);
            Assert.Equal(right, InternetChecksum.IsValidHeader(ref header));
        });

    [Fact]
    public void Pseudo_headers_are_the_sum_of_their_bytes() =>
        Gen.Select(Gen.Byte.Array[32], Gen.Int[0, 65535]).Sample((addresses, length) =>
        {
            byte[] pseudo6 = [.. addresses, 0, 0, (byte)(length >> 8), (byte)length, 0, 0, 0, 6];
            Assert.Equal(SlowSum(pseudo6), Canonical(InternetChecksum.PseudoHeader(Wire.Read<Ip6Address>(addresses),
                Wire.Read<Ip6Address>(addresses.AsSpan(16)), IpProtocol.Tcp, length)));
            byte[] pseudo4 = [.. addresses.AsSpan(0, 8), 0, 17, (byte)(length >> 8), (byte)length];
            Assert.Equal(SlowSum(pseudo4), Canonical(InternetChecksum.PseudoHeader(Wire.Read<Ip4Address>(addresses),
                Wire.Read<Ip4Address>(addresses.AsSpan(4)), IpProtocol.Udp, length)));
        });

    /// <summary>
    /// Every length around the vector's blocks, at every address: the vector, its rest, words, the odd byte.
    /// </summary>
    [Fact]
    public void Every_alignment_and_length_gives_the_same_sum()
    {
        byte[] bytes = new byte[400];
        for (int n = 0; n < bytes.Length; n++)
            bytes[n] = (byte)(n * 167 + 13);
        for (int at = 0; at < 33; at++)
            for (int length = 0; length <= 200; length++)
                Assert.Equal(SlowSum(bytes.AsSpan(at, length)),
                    Canonical(InternetChecksum.Sum(bytes.AsSpan(at, length))));
    }

    /// <summary>
    /// Only a sum of zeros is 0; any other sum that is zero in ones' complement is 0xFFFF (RFC 1071 section 1).
    /// </summary>
    [Theory]
    [InlineData("", 0)]
    [InlineData("00 00 00 00", 0)]
    [InlineData("FF FF", 0xFFFF)]
    [InlineData("FF FF FF FF", 0xFFFF)]
    [InlineData("12 34 ED CB", 0xFFFF)]
    [InlineData("FF FF 00 01", 1)]
    [InlineData("80", 0x8000)]
    [InlineData("00 00 00 00 01", 0x0100)]
    public void Zero_has_two_forms(string hex, int sum) =>
        Assert.Equal(sum, InternetChecksum.Sum(Packets.PacketBuilder.Hex(hex)));

    [Fact]
    public void Long_runs_of_any_byte_keep_their_carries() =>
        Gen.Select(Gen.Byte, Gen.Int[0, 70_000]).Sample((value, length) =>
    {
        byte[] bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        Assert.Equal(SlowSum(bytes), Canonical(InternetChecksum.Sum(bytes)));
    }, iter: 50);

    [Fact]
    public void Folding_is_remainder_by_65535() => Gen.ULong.Sample(value =>
        Assert.Equal((ushort)(value % 0xFFFF), Canonical(InternetChecksum.Fold(value))));

    /// <summary>
    /// RFC 1624 section 3: a valid checksum stays valid, also where the simpler equation of RFC 1141 gives -0.
    /// </summary>
    [Fact]
    public void An_updated_checksum_verifies() =>
        Gen.Select(Gen.Byte.Array[2, 40], Gen.UShort).Sample((payload, value) =>
    {
        byte[] bytes = payload.Length % 2 == 0 ? payload : [.. payload, 0];
        bytes = [0, 0, .. bytes, 1, 1]; // the checksum, what it covers, and something that is not zero
        Store(bytes, 0, InternetChecksum.Compute(bytes));
        ushort old = (ushort)((bytes[2] << 8) | bytes[3]);
        Store(bytes, 0, InternetChecksum.Update((ushort)((bytes[0] << 8) | bytes[1]), old, value));
        Store(bytes, 2, value);
        Assert.Equal(0xFFFF, InternetChecksum.Sum(bytes));
    });

    [Fact]
    public void The_sum_of_two_parts_is_the_sum_of_the_whole() =>
        Gen.Select(Gen.Byte.Array[0, 100], Gen.Byte.Array[0, 100]).Sample((one, two) =>
        {
            byte[] even = one.Length % 2 == 0 ? one : one[1..];
            Assert.Equal(SlowSum([.. even, .. two]),
                Canonical(InternetChecksum.Add(InternetChecksum.Sum(even), InternetChecksum.Sum(two))));
        });

    private static void Store(byte[] bytes, int at, ushort value)
    {
        bytes[at] = (byte)(value >> 8);
        bytes[at + 1] = (byte)value;
    }

    /// <summary>0xFFFF and 0 are the same number in ones' complement.</summary>
    private static ushort Canonical(ushort sum) => sum == 0xFFFF ? (ushort)0 : sum;

    private static ushort SlowSum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int n = 0; n < bytes.Length; n++)
        {
            sum += (uint)(n % 2 == 0 ? bytes[n] << 8 : bytes[n]);
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return Canonical((ushort)sum);
    }
}
