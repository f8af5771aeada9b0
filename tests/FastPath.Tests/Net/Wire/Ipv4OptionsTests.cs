using CsCheck;
using FastPath.Net;
using Xunit;

namespace FastPath.Tests.Net;

public sealed class Ipv4OptionsTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("00", true)] // end of list
    [InlineData("01 01 01 00", true)] // no-operations
    [InlineData("00 83 04 04", true)] // what follows the end is padding
    [InlineData("94 04 00 00", true)] // router alert (RFC 2113)
    [InlineData("07 07 04 00 00 00 00 00", true)] // record route
    [InlineData("83 07 04 0A 00 00 01 00", false)] // loose source route
    [InlineData("89 07 04 0A 00 00 01 00", false)] // strict source route
    [InlineData("01 89 03 04", false)]
    [InlineData("07 00 00 00", false)] // length 0 would never end
    [InlineData("07 01 00 00", false)] // length 1 is shorter than itself
    [InlineData("07 05 00 00", false)] // leaves the header
    [InlineData("01 01 01 07", false)] // no room for a length
    public void Options_are_acceptable_when_well_formed_and_without_source_routing(string hex, bool acceptable) =>
        Assert.Equal(acceptable, Ipv4Options.AreAcceptable(Packets.PacketBuilder.Hex(hex)));

    [Fact]
    public void A_slow_walk_says_the_same() =>
        Gen.OneOf(Gen.Byte, Gen.Byte[0, 8], Gen.OneOf(Gen.Const((byte)131), Gen.Const((byte)137))).Array[0, 40]
        .Sample(options => Assert.Equal(Slowly(options), Ipv4Options.AreAcceptable(options)));

    private static bool Slowly(byte[] options)
    {
        for (int at = 0; at < options.Length;)
        {
            if (options[at] == 0)
                return true;
            if (options[at] == 1)
            {
                at++;
                continue;
            }

            if (options[at] is 131 or 137 || at + 1 >= options.Length || options[at + 1] < 2)
                return false;
            at += options[at + 1];
            if (at > options.Length)
                return false;
        }

        return true;
    }
}
