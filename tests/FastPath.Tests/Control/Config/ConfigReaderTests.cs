using System.Linq;
using CsCheck;
using FastPath.Api;
using FastPath.Control;
using FastPath.Control.Config;
using Xunit;

namespace FastPath.Tests.Control.Config;

public sealed class ConfigReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("# nothing but a comment")]
    [InlineData("null")]
    public void An_empty_text_is_refused_because_it_is_a_failed_export_more_often_than_a_wish(string text) =>
        Assert.Contains("is empty", Assert.Throws<InvalidConfigException>(() => ConfigReader.Read(text)).Errors[0].Message,
            System.StringComparison.Ordinal);

    [Fact]
    public void An_empty_object_is_the_configuration_without_anything() => Assert.Empty(ConfigReader.Read("{}").Ports);

    [Theory]
    [InlineData("{\"ports\": null}")]
    [InlineData("{\"bridges\": {\"blue\": null}}")]
    public void In_JSON_null_is_written_by_somebody_and_removes_nothing(string text) =>
        Assert.Contains("null", Assert.Throws<InvalidConfigException>(() => ConfigReader.Read(text)).Errors[0].Message,
            System.StringComparison.Ordinal);

    [Fact]
    public void Random_valid_documents_are_valid() =>
        RandomConfig.Valid.Sample(document => Assert.Empty(Validator.Check(document, out _)), iter: 300);

    [Fact]
    public void Validation_never_throws_whatever_the_fields_are() =>
        RandomConfig.Mutated.Sample(document => { _ = Validator.Check(document, out _); }, iter: 2000);

    [Fact]
    public void An_unknown_name_is_refused_with_line_and_the_nearest_known_one()
    {
        FieldError error = Assert.Single(Refused("ports:\n  web:\n    devic: eth0\n"));

        Assert.Equal("/ports/web/devic", error.Path);
        Assert.Equal(3, error.Line);
        Assert.Contains("did you mean \"device\"?", error.Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Every_wrong_type_is_found_at_once() => Assert.Equal(
        ["/bridges/blue/vni", "/ports/web/device", "/ports/web/learning"],
        Refused("ports: {web: {device: 7, learning: no}}\nbridges: {blue: {vni: many}}\n").Select(error => error.Path).Order());

    [Fact]
    public void An_empty_value_is_the_default()
    {
        ConfigDocument document = ConfigReader.Read("bridges:\n  blue:\nports:\n  web: {device: eth0, bridge: blue, mtu: }\n");

        Assert.Equal(300, document.Bridges["blue"].AgingSeconds);
        Assert.Null(document.Ports["web"].Mtu);
    }

    [Fact]
    public void Json_is_read_when_the_text_begins_with_a_brace() =>
        Assert.Equal("eth0", ConfigReader.Read("""{"ports": {"web": {"device": "eth0"}}}""").Ports["web"].Device);

    [Theory]
    [InlineData("- a\n")]
    [InlineData("text\n")]
    public void A_document_that_is_no_object_is_refused(string text) => Assert.Single(Refused(text));

    [Theory]
    [InlineData("""{"routes":"\ud800"}""")]
    [InlineData("""{"\ud800":{}}""")]
    [InlineData("""{"ports":{"\ud800":{}}}""")]
    [InlineData("""{"ports":{"a":{"description":"\ud800"}}}""")]
    public void Half_of_a_surrogate_pair_is_refused(string text) => Assert.NotEmpty(Refused(text));

    private static System.Collections.Generic.IReadOnlyList<FieldError> Refused(string text) =>
        Assert.Throws<InvalidConfigException>(() => ConfigReader.Read(text)).Errors;
}
