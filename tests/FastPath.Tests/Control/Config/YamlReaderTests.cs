using System.Text.Json.Nodes;
using FastPath.Control.Config;
using Xunit;

namespace FastPath.Tests.Control.Config;

public sealed class YamlReaderTests
{
    [Theory]
    [InlineData("no", "\"no\"")]
    [InlineData("010", "\"010\"")]
    [InlineData("0x10", "\"0x10\"")]
    [InlineData("1_000", "\"1_000\"")]
    [InlineData("+1", "\"+1\"")]
    [InlineData("12:34", "\"12:34\"")]
    [InlineData("2026-11-24", "\"2026-11-24\"")]
    [InlineData("'7'", "\"7\"")]
    [InlineData("7", "7")]
    [InlineData("-7", "-7")]
    [InlineData("1.5", "1.5")]
    [InlineData("true", "true")]
    [InlineData("False", "false")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("1e999", "\"1e999\"")]
    [InlineData("~", "null")]
    [InlineData("", "null")]
    public void A_plain_scalar_means_what_json_would_make_of_it(string yaml, string json)
    {
        JsonNode? node = YamlReader.Read($"v: {yaml}").Root!["v"];

        Assert.Equal(json, node?.ToJsonString(FastPath.Api.ApiJson.Strict) ?? "null");
    }

    [Theory]
    [InlineData("a: 1\na: 2\n", 2, "\"a\" is there twice")]
    [InlineData("a: 1\n---\nb: 2\n", 2, "one document")]
    [InlineData("a: !!int 1\n", 1, "tags")]
    [InlineData("? [1]\n: 2\n", 1, "a key must be text")]
    [InlineData("a: *b\n", 1, "names no anchor")]
    [InlineData("a: &x {b: *x}\n", 1, "names no anchor")]
    [InlineData("a:\n  - [\n", 3, "not YAML")]
    public void What_is_ambiguous_is_refused_with_its_line(string yaml, int line, string message)
    {
        ConfigSyntaxException e = Assert.Throws<ConfigSyntaxException>(() => YamlReader.Read(yaml));

        Assert.Contains(message, e.Message, System.StringComparison.Ordinal);
        Assert.Equal(line, e.Line);
    }

    [Fact]
    public void Aliases_repeat_what_they_name()
    {
        JsonNode root = YamlReader.Read("a: &x {b: 1}\nc: *x\n").Root!;

        Assert.Equal("""{"a":{"b":1},"c":{"b":1}}""", root.ToJsonString());
    }

    [Fact]
    public void Aliases_cannot_make_a_short_text_long()
    {
        string yaml = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
        for (char name = 'b'; name <= 'i'; name++)
            yaml += $"{name}: &{name} [*{(char)(name - 1)},*{(char)(name - 1)},*{(char)(name - 1)},*{(char)(name - 1)},*{(char)(name - 1)},*{(char)(name - 1)}]\n";

        Assert.Contains("more than 500000 values", Assert.Throws<ConfigSyntaxException>(() => YamlReader.Read(yaml)).Message,
            System.StringComparison.Ordinal);
    }

    [Fact]
    public void Depth_is_bounded()
    {
        string yaml = new string('[', 200) + new string(']', 200);

        Assert.Contains("nested deeper", Assert.Throws<ConfigSyntaxException>(() => YamlReader.Read(yaml)).Message,
            System.StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_know_their_lines()
    {
        ConfigTree tree = YamlReader.Read("a:\n  b:\n    - x\n    - y\n");

        Assert.Equal(4, tree.LineOf("/a/b/1"));
        Assert.Equal(2, tree.LineOf("/a/b/7")); // not there: the nearest that is
    }
}
