using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using FastPath.Api;
using Xunit;

namespace FastPath.Tests.Api.Json;

public sealed class StrictJsonTests
{
    [Fact]
    public void What_is_left_out_has_its_default()
    {
        ConfigDocument config =
            Read("""{"system":{},"ports":{"p":{"device":"eth9"}},"bridges":{"b":{}},"vteps":{"v":{}}}""");

        Assert.Equal(new SystemConfig().ChunkCount, config.System!.ChunkCount);
        Assert.True(config.Ports["p"].Learning);
        Assert.Equal(ChecksumModes.Container, config.Ports["p"].Checksums);
        Assert.Equal(300, config.Bridges["b"].AgingSeconds);
        Assert.Equal(4789, config.Vteps["v"].Port);
        Assert.Empty(config.Routes);
    }

    [Fact]
    public void A_document_survives_writing_and_reading()
    {
        ConfigDocument config = new()
        {
            Ports = new Dictionary<string, PortConfig>
            {
                ["a~/b"] = new() { Container = new() { Namespace = "web" }, Mtu = 9000 },
            },
            Routes = [new() { Prefix = "10.0.0.0/8", Via = "192.0.2.1" }],
        };
        string text = JsonSerializer.Serialize(config, ApiJson.Strict.TypeOf<ConfigDocument>());

        Assert.Equal(text, JsonSerializer.Serialize(Read(text), ApiJson.Strict.TypeOf<ConfigDocument>()));
    }

    [Fact]
    public void Every_mistake_is_found_with_its_pointer()
    {
        string[] paths = Paths("""
            {"ports": {"a": null, "b/c": {"mtu": "1500", "Device": "d"}}, "routes": [1, {"prefix": 3}], "fdb": null,
             "system": {"workers": 1.5, "processors": [1, null]}, "punt": {"installRoutes": 1}}
            """);

        Assert.Equal(
            ["/ports/a", "/ports/b~1c/mtu", "/ports/b~1c/Device", "/routes/0", "/routes/1/prefix", "/fdb",
                "/system/workers", "/system/processors/1", "/punt/installRoutes"],
            paths);
    }

    [Theory]
    [InlineData("""{"ports":{},"ports":{}}""", "/ports")]
    [InlineData("""{"ports":{"a":{},"a":{}}}""", "/ports/a")]
    [InlineData("""{"routes":[{"via":"x","via":"y"}]}""", "/routes/0/via")]
    public void A_member_given_twice_is_refused(string text, string path) => Assert.Equal([path], Paths(text));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"ports":{},}""")]
    [InlineData("""{/* no */}""")]
    [InlineData("""{"routes":[{"via":"\ud800"}]}""")]
    [InlineData("""[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]""")]
    public void What_is_no_JSON_is_refused_as_a_whole(string text) => Assert.Equal([""], Paths(text));

    [Fact]
    public void A_syntax_error_names_line_and_byte()
    {
        List<FieldError> errors = [];
        StrictJson.Read<ConfigDocument>(Encoding.UTF8.GetBytes("{\n \"ports\": ?"), "", errors);

        Assert.StartsWith("line 2, byte 11:", errors.Single().Message);
    }

    [Fact]
    public void A_hostile_document_gets_an_answer_of_bounded_size() =>
        Assert.Equal(100, Paths($$"""{"routes":[{{string.Join(',', Enumerable.Repeat("1", 5000))}}]}""").Length);

    [Fact]
    public void A_client_ignores_members_it_does_not_know() =>
        Assert.Equal(
            7, JsonSerializer.Deserialize("""{"removed":7,"new":1}""", ApiJson.Lenient.TypeOf<FlushResult>())!.Removed);

    private static ConfigDocument Read(string text)
    {
        List<FieldError> errors = [];
        ConfigDocument? config = StrictJson.Read<ConfigDocument>(Encoding.UTF8.GetBytes(text), "", errors);
        Assert.Empty(errors);
        return config!;
    }

    private static string[] Paths(string text)
    {
        List<FieldError> errors = [];
        Assert.Null(StrictJson.Read<ConfigDocument>(Encoding.UTF8.GetBytes(text), "", errors));
        return errors.Select(error => error.Path).ToArray();
    }
}
