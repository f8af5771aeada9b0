using CsCheck;
using FastPath.Net;
using Xunit;

namespace FastPath.Tests.Net.Address;

public sealed class Ip4AddressTests
{
    [Theory]
    [InlineData("0.0.0.0", 0u)]
    [InlineData("255.255.255.255", 0xFFFF_FFFFu)]
    [InlineData("10.0.0.1", 0x0A00_0001u)]
    [InlineData("192.0.2.200", 0xC000_02C8u)]
    public void Four_decimal_octets_are_an_address(string text, uint value) =>
        Assert.Equal(value, Ip4Address.Parse(text).Value);

    [Theory]
    [InlineData("10.0.0.01")]
    [InlineData("10.0.0.00")]
    [InlineData("10.0.0.1/32")]
    [InlineData("10.0.0.1\n")]
    [InlineData(" 10.0.0.1")]
    [InlineData("10.0.0.-1")]
    [InlineData("10.0.0.1000")]
    [InlineData("167772161")]
    [InlineData("10.1")]
    [InlineData(".10.0.0.1")]
    [InlineData("10.0.0.1.")]
    [InlineData("::ffff:10.0.0.1")]
    public void Everything_else_is_refused_with_a_sentence(string text)
    {
        Assert.False(Ip4Address.TryParse(text, out _, out string error));
        Assert.Contains("decimal octets", error, System.StringComparison.Ordinal);
        Assert.Throws<System.FormatException>(() => Ip4Address.Parse(text));
    }

    [Theory]
    [InlineData("223.255.255.255", false, false, false)]
    [InlineData("224.0.0.0", true, false, false)]
    [InlineData("239.255.255.255", true, false, false)]
    [InlineData("240.0.0.0", false, false, false)]
    [InlineData("127.0.0.1", false, true, false)]
    [InlineData("128.0.0.0", false, false, false)]
    [InlineData("169.254.0.1", false, false, true)]
    [InlineData("169.255.0.0", false, false, false)]
    public void Kinds_are_told_apart(string text, bool multicast, bool loopback, bool linkLocal)
    {
        Ip4Address address = Ip4Address.Parse(text);
        Assert.Equal((multicast, loopback, linkLocal), (address.IsMulticast, address.IsLoopback, address.IsLinkLocal));
    }

    [Fact]
    public void They_are_ordered_as_numbers() => Gen.Select(Gen.UInt, Gen.UInt).Sample((a, b) =>
    {
        Ip4Address one = new(a), two = new(b);
        Assert.Equal(a.CompareTo(b), one.CompareTo(two));
        Assert.Equal((a < b, a <= b, a > b, a >= b), (one < two, one <= two, one > two, one >= two));
    });
}
