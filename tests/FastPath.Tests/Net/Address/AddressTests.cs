using System;
using System.Net;
using CsCheck;
using FastPath.Net;
using Xunit;

namespace FastPath.Tests.Net.Address;

public sealed class AddressTests
{
    [Theory]
    [InlineData("010.0.0.1")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.1.2")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.1 ")]
    [InlineData("0x0a.0.0.1")]
    [InlineData("1")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("10..0.1")]
    [InlineData("+1.2.3.4")]
    [InlineData("١.2.3.4")]
    public void Loose_IPv4_forms_are_refused(string? text) => Assert.False(Ip4Address.TryParse(text, out _));

    [Fact]
    public void IPv4_text_comes_back() => Gen.UInt.Sample(value =>
        Assert.Equal(value, Ip4Address.Parse(new Ip4Address(value).ToString()).Value));

    [Fact]
    public void IPv6_text_is_what_the_framework_writes_and_comes_back() =>
        Gen.Select(Parts, Parts).Sample((high, low) =>
    {
        Ip6Address address = new(high, low);
        Assert.Equal(address, Ip6Address.Parse(address.ToString()));
        IPAddress oracle = new(Wire.Bytes(ref address));
        if (!oracle.ToString().Contains('.', StringComparison.Ordinal)) // the framework prints some with dotted quads
            Assert.Equal(oracle.ToString(), address.ToString());
    });

    [Theory]
    [InlineData("::", "::")]
    [InlineData("1::", "1::")]
    [InlineData("::1", "::1")]
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("2001:0DB8::000A", "2001:db8::a")]
    [InlineData("::ffff:10.0.0.1", "::ffff:a00:1")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8")]
    public void IPv6_forms_of_RFC_4291_and_5952(string text, string canonical) =>
        Assert.Equal(canonical, Ip6Address.Parse(text).ToString());

    [Theory]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("12345::")]
    [InlineData("::10.0.0.1:1")]
    [InlineData("10.0.0.1::")]
    [InlineData("::g")]
    [InlineData("1:")]
    [InlineData(":1")]
    [InlineData(" ::1")]
    public void Malformed_IPv6_is_refused(string text) => Assert.False(Ip6Address.TryParse(text, out _));

    [Theory]
    [InlineData("02:00:5e:10:00:01", true)]
    [InlineData("02:00:5E:10:00:01", true)]
    [InlineData("2:0:5e:10:0:1", false)]
    [InlineData("02-00-5e-10-00-01", false)]
    [InlineData("02005e100001", false)]
    [InlineData("02:00:5e:10:00:0g", false)]
    [InlineData("02:00:5e:10:00:01:", false)]
    public void MAC_addresses_have_one_form(string text, bool accepted) =>
        Assert.Equal(accepted, MacAddress.TryParse(text, out _));

    [Fact]
    public void MAC_text_comes_back() => Gen.ULong[0, 0xFFFF_FFFF_FFFF].Sample(value =>
        Assert.Equal(value, MacAddress.Parse(MacAddress.FromValue(value).ToString()).Value));

    [Fact]
    public void Derived_addresses_follow_their_RFCs()
    {
        Assert.Equal("fe80::5eff:fe10:1", MacAddress.Parse("02:00:5e:10:00:01").LinkLocal().ToString());
        Assert.Equal("ff02::1:ff10:1", Ip6Address.Parse("fd00::1:5e10:1").SolicitedNode().ToString());
        Assert.Equal("33:33:ff:10:00:01", MacAddress.ForIp6Multicast(Ip6Address.Parse("ff02::1:ff10:1")).ToString());
        Assert.Equal("01:00:5e:01:02:03", MacAddress.ForIp4Multicast(Ip4Address.Parse("224.129.2.3")).ToString());
    }

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("10.0.0.1/32", true)]
    [InlineData("fd00::/8", true)]
    [InlineData("::/0", true)]
    [InlineData("10.0.0.1/8", false)]
    [InlineData("fd00::1/64", false)]
    [InlineData("10/8", false)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("10.0.0.0/08", false)]
    [InlineData("10.0.0.0/-1", false)]
    [InlineData("10.0.0.0/", false)]
    [InlineData("10.0.0.0", false)]
    [InlineData("fe80::1%eth0/64", false)]
    [InlineData("::/129", false)]
    public void Prefixes_are_strict(string text, bool accepted) =>
        Assert.Equal(accepted, IpPrefix.TryParse(text, out _));

    [Fact]
    public void A_prefix_with_host_bits_is_told_its_masked_form()
    {
        Assert.False(IpPrefix.TryParse("10.0.0.1/8", out _, out string error));
        Assert.Contains("10.0.0.0/8", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prefix_contains_what_agrees_in_its_first_bits() =>
        Gen.Select(Gen.UInt, Gen.UInt, Gen.Int[0, 32]).Sample((network, host, length) =>
        {
            IpPrefix prefix = IpPrefix.Of(new IpAddress(new Ip4Address(network)), length);
            bool agrees = true;
            for (int bit = 0; bit < length; bit++)
                agrees &= (network >> (31 - bit) & 1) == (host >> (31 - bit) & 1);
            Assert.Equal(agrees, prefix.Contains(new IpAddress(new Ip4Address(host))));
            Assert.True(prefix.Contains(new IpAddress(new Ip4Address(network))));
        });

    [Fact]
    public void An_interface_address_keeps_its_host_bits()
    {
        InterfaceAddress address = InterfaceAddress.Parse("10.1.0.1/24");
        Assert.Equal("10.1.0.1", address.Address.ToString());
        Assert.Equal("10.1.0.0/24", address.Network.ToString());
    }

    private static readonly Gen<ulong> Parts = Gen.OneOf(Gen.ULong, Gen.Const(0UL), Gen.ULong[0, 0xFFFF],
        Gen.ULong.Select(value => value & 0xFFFF_0000_FFFF_0000));
}
