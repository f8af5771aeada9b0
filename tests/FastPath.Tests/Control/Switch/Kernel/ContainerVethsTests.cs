using System;
using FastPath.Control.Switch.Kernel;
using FastPath.Net;
using FastPath.Xdp;
using FastPath.Xdp.Netlink;
using Xunit;

namespace FastPath.Tests.Control.Switch.Kernel;

public sealed class ContainerVethsTests
{
    [Theory]
    [InlineData("fp", "web1", "fp-web1")]
    [InlineData("fastpat1", "web.10", "fastpat1-web.10")]
    public void A_device_has_the_names_of_daemon_and_port(string daemon, string port, string device) =>
        Assert.Equal(device, NameOf(daemon, port));

    [Fact]
    public void Daemons_whose_names_begin_alike_have_different_devices_for_a_port_with_a_long_name()
    {
        string one = NameOf("fastpat1", "long.name-of-a-port");
        string two = NameOf("fastpat2", "long.name-of-a-port");

        Assert.NotEqual(one, two);
        Assert.Equal(one, NameOf("fastpat1", "long.name-of-a-port"));
        Assert.StartsWith("fastpa-", one, StringComparison.Ordinal);
        Assert.Equal(KernelLinks.NameBytesMax, one.Length);
    }

    [Fact]
    public void An_address_has_the_same_MAC_address_whoever_has_it()
    {
        Assert.Equal("02:46:0a:01:02:03", MacOf("10.1.2.3"));
        Assert.Equal(MacOf("fd00::1"), MacOf("fd00::1"));
        Assert.NotEqual(MacOf("fd00::1"), MacOf("fd00::2"));
    }

    private static string MacOf(string address) =>
        MacAddress.FromValue(ContainerVeths.MacFor(IpAddress.Parse(address))).ToString();

    private static string NameOf(string daemon, string port)
    {
        using Rtnetlink kernel = Rtnetlink.Open();
        KernelOptions options = new(daemon, "", PinDirectory: null, KernelFeature.None);
        return new ContainerVeths(kernel, options, workers: 1).NameOf(port);
    }
}
