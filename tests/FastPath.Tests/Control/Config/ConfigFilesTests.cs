using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using FastPath.Api;
using FastPath.Control.Config;
using FastPath.Tests.Tidy;
using Xunit;

namespace FastPath.Tests.Control.Config;

/// <summary>Files in configs/: every example is valid, and the schema is that of the records.</summary>
public sealed class ConfigFilesTests
{
    private const string Schema = "configs/fastpath.schema.json";

    public static TheoryData<string> Examples =>
        [.. Directory.GetFiles(SourceTree.Full("configs"), "*.yaml").Select(path => "configs/" + Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_a_valid_configuration(string path) =>
        Assert.NotEmpty(ConfigReader.ReadValid(File.ReadAllText(SourceTree.Full(path))).Ports);

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_names_the_schema_for_editors(string path) =>
        Assert.StartsWith("# yaml-language-server: $schema=fastpath.schema.json", File.ReadAllText(SourceTree.Full(path)),
            StringComparison.Ordinal);

    [Fact]
    public void The_schema_is_fresh()
    {
        string fresh = ConfigSchema.Create();
        if (Environment.GetEnvironmentVariable("FP_WRITE") == "1")
            File.WriteAllText(SourceTree.Full(Schema), fresh);

        Assert.True(fresh == File.ReadAllText(SourceTree.Full(Schema)),
            $"{Schema} is not what fastpathd --schema prints: write it anew with FP_WRITE=1 and this test");
    }

    [Fact]
    public void The_schema_knows_every_field_and_refuses_others()
    {
        JsonNode port = JsonNode.Parse(ConfigSchema.Create())!["properties"]!["ports"]!["additionalProperties"]!;

        Assert.Equal(typeof(PortConfig).GetProperties().Length, port["properties"]!.AsObject().Count);
        Assert.False((bool)port["additionalProperties"]!);
        Assert.Contains("network packet", (string)port["properties"]!["mtu"]!["description"]!, StringComparison.Ordinal);
    }
}
