using System;
using System.Collections.Generic;
using CsCheck;
using FastPath.Net;
using Xunit;

namespace FastPath.Tests.Net;

public sealed class TcpOptionsTests
{
    [Theory]
    [InlineData("", "", false)]
    [InlineData("00", "", false)]
    [InlineData("02 04 05 B4", "2:05B4", false)]
    [InlineData("02 04 05 B4 01 03 03 07 04 02 00 00", "2:05B4 1: 3:07 4:", false)]
    [InlineData("01 01 08 0A 00 00 00 01 00 00 00 02", "1: 1: 8:0000000100000002", false)]
    [InlineData("00 02 04 05 B4", "", false)] // what follows the end is padding
    [InlineData("02 04 05", "", true)]
    [InlineData("02 01 05 B4", "", true)]
    [InlineData("02 00 05 B4", "", true)]
    [InlineData("01 02", "1:", true)]
    public void Options_come_in_order_until_the_first_malformed_one(string hex, string expected, bool malformed)
    {
        (List<string> options, bool isMalformed) = Walk(Packets.PacketBuilder.Hex(hex));
        Assert.Equal(expected, string.Join(' ', options));
        Assert.Equal(malformed, isMalformed);
    }

    [Fact]
    public void A_slow_walk_says_the_same() => Gen.OneOf(Gen.Byte, Gen.Byte[0, 8]).Array[0, 40].Sample(bytes =>
    {
        (List<string> options, bool isMalformed) = Walk(bytes);
        List<string> expected = [];
        bool expectMalformed = false;
        for (int at = 0; at < bytes.Length && bytes[at] != 0;)
        {
            int length = bytes[at] == 1 ? 1 : at + 1 < bytes.Length ? bytes[at + 1] : 0;
            expectMalformed = bytes[at] != 1 && (length < 2 || at + length > bytes.Length);
            if (expectMalformed)
                break;
            int header = Math.Min(2, length);
            expected.Add($"{bytes[at]}:{Convert.ToHexString(bytes, at + header, length - header)}");
            at += length;
        }

        Assert.Equal(expected, options);
        Assert.Equal(expectMalformed, isMalformed);
    });

    private static (List<string> Options, bool IsMalformed) Walk(byte[] bytes)
    {
        List<string> options = [];
        TcpOptions walk = new(bytes);
        while (walk.MoveNext())
            options.Add($"{walk.Current.Kind}:{Convert.ToHexString(walk.Current.Value)}");
        return (options, walk.IsMalformed);
    }
}
