using System.Collections.Generic;
using CsCheck;
using FastPath.Api;
using FastPath.Control.Config;
using FastPath.Control.Plans;
using FastPath.Tests.Control.Config;
using Xunit;

namespace FastPath.Tests.Control.Plans;

public sealed class PlanTests
{
    [Theory]
    [InlineData("/ports/web1/bridge", "ports/web1")]
    [InlineData("/ports/a~1b/bridge", "ports/a/b")]
    [InlineData("/fdb/0/bridge", "fdb/blue/02:00:00:00:00:0a")]
    [InlineData("/routes/1/interface", "routes/10.1.0.0~16")]
    [InlineData("/neighbors/0", "neighbors/blue/10.0.0.9")]
    [InlineData("/punt/addresses/0", "punt")]
    [InlineData("/ports", "ports")]
    [InlineData("", "configuration")]
    public void A_pointer_into_a_configuration_is_one_into_an_object(string pointer, string path)
    {
        ConfigDocument document = new()
        {
            Fdb = [new FdbConfig { Bridge = "blue", Mac = "02:00:00:00:00:0a" }],
            Routes = [new RouteConfig { Prefix = "10.0.0.0/8" }, new RouteConfig { Prefix = "10.1.0.0/16" }],
            Neighbors = [new NeighborConfig { Interface = "blue", Address = "10.0.0.9" }],
        };

        Assert.Equal(path, ConfigObjects.PathAt(document, pointer));
    }

    [Fact]
    public void A_configuration_does_not_differ_from_itself() => RandomConfig.Valid.Sample(
        document => Assert.Empty(Plan.Diff(document, ConfigReader.Read(ConfigWriter.ToYaml(document)))), iter: 300);

    [Fact]
    public void The_changes_between_two_configurations_turn_one_into_the_other() =>
        Gen.Select(RandomConfig.Valid, RandomConfig.Valid).Sample((from, to) =>
            Assert.Empty(Plan.Diff(Plan.Apply(from, Plan.Diff(from, to)), to)), iter: 300);

    [Fact]
    public void Changes_go_back_the_way_they_came() =>
        Gen.Select(RandomConfig.Valid, RandomConfig.Valid).Sample((from, to) =>
            Assert.Equal(Plan.Diff(from, to).Count, Plan.Diff(to, from).Count), iter: 300);

    [Fact]
    public void A_change_prints_as_a_line()
    {
        ConfigDocument before = ConfigReader.Read("ports: {web: {device: eth0, bridge: blue}}\nbridges: {blue: , red: }\n");
        ConfigDocument after = ConfigReader.Read("ports: {web: {device: eth0, bridge: red}}\nbridges: {blue: , red: }\nroutes: [{prefix: 10.0.0.0/8, type: blackhole}]\n");

        IReadOnlyList<Change> changes = Plan.Diff(before, after);

        Assert.Equal("~ ports/web", changes[0].ToString());
        Assert.Equal("+ routes/10.0.0.0~8", changes[1].ToString());
    }
}
