using System;
using System.Collections.Generic;
using FastPath.Api;
using FastPath.Control.Config;
using FastPath.Control.Plans;
using FastPath.Control.Switch;
using Xunit;

namespace FastPath.Tests.Control.Plans;

public sealed class EffectsTests
{
    private const string Punt = "punt: {hostAddresses: [169.254.77.1/30], addresses: [169.254.77.2/30]";

    [Theory]
    [InlineData("ports: {web: {device: eth0, bridge: blue}}", "ports: {web: {device: eth1, bridge: blue}}", true)]
    [InlineData("ports: {web: {device: eth0, bridge: blue}}", "ports: {web: {device: eth0, bridge: blue, mtu: 1400}}", false)]
    [InlineData("ports: {web: {device: eth0, bridge: blue}}", "ports: {web: {device: eth0, bridge: blue, checksums: device}}", true)]
    [InlineData("ports: {web: {device: eth0, bridge: blue}}", "ports: {web: {device: eth0, bridge: blue, learning: false}}", false)]
    [InlineData("ports: {web: {container: {namespace: c}, bridge: blue}}", "ports: {web: {container: {namespace: c}, bridge: blue, mtu: 1400}}", true)]
    [InlineData("ports: {web: {container: {namespace: c}, bridge: blue}}", "ports: {web: {container: {namespace: d}, bridge: blue}}", true)]
    [InlineData("uplinks: {up: {device: eth0}}", "uplinks: {up: {device: eth0, mode: copy}}", false)]
    [InlineData("uplinks: {up: {device: eth0}}", "uplinks: {up: {device: eth0, queues: 2}}", true)]
    [InlineData("uplinks: {up: {device: eth0}}", "uplinks: {up: {device: eth0, prefixes: [10.0.0.0/8]}}", false)]
    [InlineData(Punt + "}", Punt + ", interface: other}", true)]
    [InlineData(Punt + "}", Punt + ", installRoutes: false}", false)]
    public void A_port_is_said_to_be_opened_or_made_anew_when_the_switch_will_do_so(string from, string to, bool isAnew) =>
        Assert.Equal(isAnew, EffectOf(from, to).Contains("anew", StringComparison.Ordinal));

    [Theory]
    [InlineData("", "ports: {web: {device: eth0, bridge: blue}}", "opens sockets on the device; everything it receives is FastPath's")]
    [InlineData("ports: {web: {container: {namespace: c}, bridge: blue}}", "", "removes the veth: the container loses its interface")]
    [InlineData("uplinks: {up: {device: eth0}}", "", "gives the claimed traffic back to the kernel")]
    [InlineData("", "routes: [{prefix: 10.0.0.0/8, type: blackhole}]", "packets follow it from the next batch on")]
    public void What_comes_and_what_goes_is_said_of_its_traffic(string from, string to, string effect) =>
        Assert.Equal(effect, EffectOf(from, to));

    /// <summary>The sentence about the only change.</summary>
    private static string EffectOf(string from, string to)
    {
        (ConfigDocument before, ConfigDocument after) = (Read(from), Read(to));
        HashSet<string> opened = [.. PortChanges.Between(Validator.Check(before), Validator.Check(after)).Opened];
        return Effects.Of(Assert.Single(Plan.Diff(before, after)), opened);
    }

    private static ConfigDocument Read(string yaml) => ConfigReader.Read(yaml + "\nbridges: {blue: }\n");
}
