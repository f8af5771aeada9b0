using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FastPath.Api;
using FastPath.Control.Config;
using FastPath.Control.Daemon;
using FastPath.Control.Switch;
using FastPath.Tests.Control.Switch;
using FastPath.Tests.Tidy;
using Xunit;

namespace FastPath.Tests.Control.Config;

/// <summary>Files in configs/: every example makes a switch, and the schema is that of the records.</summary>
public sealed class ConfigFilesTests
{
    private const string Schema = "configs/fastpath.schema.json";

    public static TheoryData<string> Examples => ["demo.yaml", "tour.yaml", "container-host.yaml", "router.yaml"];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_makes_a_switch(string name)
    {
        using SwitchHarness harness = new(File.ReadAllText(SourceTree.Full("configs/" + name)));

        Assert.All(harness.Switch.Slots.Values, slot => Assert.Equal(PortState.Up, slot.State));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_names_the_schema_for_editors(string name) =>
        Assert.StartsWith("# yaml-language-server: $schema=fastpath.schema.json",
            File.ReadAllText(SourceTree.Full("configs/" + name)), StringComparison.Ordinal);

    [Fact]
    public void The_schema_is_fresh()
    {
        string fresh = ConfigSchema.Create();
        if (Environment.GetEnvironmentVariable("FP_UPDATE_DOCS") == "1")
            File.WriteAllText(SourceTree.Full(Schema), fresh);

        Assert.True(fresh == File.ReadAllText(SourceTree.Full(Schema)),
            $"{Schema} is not what fastpathd --schema prints: run the tests with FP_UPDATE_DOCS=1");
    }

    [Fact]
    public void The_schema_knows_every_field_and_refuses_others()
    {
        JsonNode port = JsonNode.Parse(ConfigSchema.Create())!["properties"]!["ports"]!["additionalProperties"]!;

        Assert.Equal(typeof(PortConfig).GetProperties().Length, port["properties"]!.AsObject().Count);
        Assert.False((bool)port["additionalProperties"]!);
        Assert.Contains("network packet", (string)port["properties"]!["mtu"]!["description"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void The_systemd_unit_calls_the_daemon_with_options_it_has()
    {
        string unit = File.ReadAllText(SourceTree.Full("configs/fastpathd.service"));
        string[] known = [.. DaemonCommand.Create().Options.Select(option => option.Name)];

        string[] used = [.. Regex.Matches(unit, "^ExecStart.*$", RegexOptions.Multiline)
            .SelectMany(line => Regex.Matches(line.Value, "--[a-z-]+")).Select(match => match.Value)];

        Assert.NotEmpty(used);
        Assert.All(used, option => Assert.Contains(option, known));
        Assert.DoesNotContain("--bpffs", used); // a daemon started by hand finds the unit's pins
    }
}
