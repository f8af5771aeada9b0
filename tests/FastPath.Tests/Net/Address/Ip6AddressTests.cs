using System.Numerics;
using CsCheck;
using FastPath.Net;
using Xunit;

namespace FastPath.Tests.Net.Address;

public sealed class Ip6AddressTests
{
    /// <summary>The rules of RFC 5952 section 4, with its own examples.</summary>
    [Theory]
    [InlineData("2001:0db8::0001", "2001:db8::1")] // 4.1: no leading zeros
    [InlineData("2001:db8:0:0:0:0:2:1", "2001:db8::2:1")] // 4.2.1: shorten as much as possible
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")] // 4.2.2: not one group alone
    [InlineData("2001:0:0:1:0:0:0:1", "2001:0:0:1::1")] // 4.2.3: the longest run
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")] // 4.2.3: the first of equal runs
    [InlineData("2001:DB8::AbCd", "2001:db8::abcd")] // 4.3: lower case
    [InlineData("0:0:0:0:0:0:0:0", "::")]
    [InlineData("0:0:0:0:0:0:0:1", "::1")]
    [InlineData("1:0:0:0:0:0:0:0", "1::")]
    [InlineData("::1.2.3.4", "::102:304")]
    [InlineData("64:ff9b::192.0.2.33", "64:ff9b::c000:221")]
    [InlineData("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304")]
    public void Text_is_canonical(string text, string canonical)
    {
        Ip6Address address = Ip6Address.Parse(text);
        Assert.Equal(canonical, address.ToString());
        Assert.Equal(address, Ip6Address.Parse(canonical));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1.2.3.4")]
    [InlineData("::1.2.3")]
    [InlineData("::01.2.3.4")]
    [InlineData("::1.2.3.256")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("::00001")]
    [InlineData("0x1::")]
    [InlineData("::-1")]
    [InlineData("::+1")]
    [InlineData("::1/128")]
    [InlineData("1:2:3:4:5:6:7:8 ")]
    [InlineData("::١")]
    [InlineData("1::2:3:4:5:6:7:8")]
    public void Everything_else_is_refused(string? text) => Assert.False(Ip6Address.TryParse(text, out _));

    [Theory]
    [InlineData("ff02::1", true, false, true)]
    [InlineData("ff0e::1", true, false, false)]
    [InlineData("ff01::1", true, false, true)]
    [InlineData("fe80::1", false, true, false)]
    [InlineData("febf::1", false, true, false)]
    [InlineData("fec0::1", false, false, false)]
    [InlineData("fd00::1", false, false, false)]
    public void Kinds_are_told_apart(string text, bool multicast, bool linkLocal, bool linkScope)
    {
        Ip6Address address = Ip6Address.Parse(text);
        Assert.Equal((multicast, linkLocal, linkScope),
            (address.IsMulticast, address.IsLinkLocal, address.IsLinkScopeMulticast));
    }

    [Fact]
    public void They_are_ordered_as_128_bit_numbers() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong, Gen.ULong).Sample((a, b, c, d) =>
    {
        Ip6Address one = new(a, b), two = new(c, d);
        BigInteger first = ((BigInteger)a << 64) + b, second = ((BigInteger)c << 64) + d;
        Assert.Equal(first.CompareTo(second), one.CompareTo(two));
        Assert.Equal((first < second, first <= second, first > second, first >= second),
            (one < two, one <= two, one > two, one >= two));
    });

    [Fact]
    public void A_prefix_contains_what_agrees_in_its_first_bits() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong, Gen.ULong, Gen.Int[0, 128]).Sample((a, b, c, d, length) =>
        {
            BigInteger first = ((BigInteger)a << 64) + b, second = ((BigInteger)(a ^ (c >> 32)) << 64) + d;
            IpPrefix prefix = IpPrefix.Of(new IpAddress(new Ip6Address(a, b)), length);
            Assert.Equal(first >> (128 - length) == second >> (128 - length),
                prefix.Contains(new IpAddress(new Ip6Address(a ^ (c >> 32), d))));
            Assert.Equal(prefix, IpPrefix.Parse(prefix.ToString()));
        });
}
