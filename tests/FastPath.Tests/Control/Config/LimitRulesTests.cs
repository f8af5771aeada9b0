using System.Collections.Generic;
using System.Linq;
using FastPath.Api;
using FastPath.Control.Config;
using Xunit;

namespace FastPath.Tests.Control.Config;

public sealed class LimitRulesTests
{
    [Fact]
    public void As_many_as_the_tables_hold_are_good()
    {
        Assert.Empty(ErrorsOf(WithPorts(LimitRules.NumberedMax)));
        Assert.Empty(ErrorsOf(WithRemotes(LimitRules.NumberedMax - 1)));
        Assert.Empty(ErrorsOf(WithPrefixes(LimitRules.ClaimsMax)));
    }

    [Fact]
    public void One_more_is_refused_at_the_field_that_has_the_most()
    {
        Assert.Equal("/ports", Assert.Single(ErrorsOf(WithPorts(LimitRules.NumberedMax + 1))).Path);
        Assert.Equal("/bridges/blue/remotes", Assert.Single(ErrorsOf(WithRemotes(LimitRules.NumberedMax))).Path);
        Assert.Equal("/uplinks/up/prefixes", Assert.Single(ErrorsOf(WithPrefixes(LimitRules.ClaimsMax + 1))).Path);
    }

    private static IReadOnlyList<FieldError> ErrorsOf(ConfigDocument document) => Validator.Check(document, out _);

    private static ConfigDocument WithPorts(int count) => new()
    {
        Bridges = new Dictionary<string, BridgeConfig> { ["blue"] = new() },
        Ports = Enumerable.Range(0, count).ToDictionary(n => $"p{n}", n => new PortConfig { Device = $"d{n}", Bridge = "blue" }),
    };

    private static ConfigDocument WithRemotes(int count) => WithUplink(new UplinkConfig { Device = "up0" }) with
    {
        Vteps = new Dictionary<string, VtepConfig> { ["vt"] = new() { Address = "192.0.2.1" } },
        Bridges = new Dictionary<string, BridgeConfig>
        {
            ["blue"] = new() { Vni = 1, Vtep = "vt", Remotes = [.. Enumerable.Range(0, count).Select(n => $"10.0.{n / 200}.{1 + (n % 200)}")] },
        },
    };

    private static ConfigDocument WithPrefixes(int count) => WithUplink(new UplinkConfig
    {
        Device = "up0",
        Prefixes = [.. Enumerable.Range(0, count).Select(n => $"10.{n / 256}.{n % 256}.0/24")],
    });

    private static ConfigDocument WithUplink(UplinkConfig uplink) =>
        new() { Uplinks = new Dictionary<string, UplinkConfig> { ["up"] = uplink } };
}
