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
            Assert.Equal(Canonical(InternetChecksum.Compute(bytes)), Canonical(InternetChecksum.Update(before, old, value)));
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
