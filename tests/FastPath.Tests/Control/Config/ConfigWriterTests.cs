using CsCheck;
using FastPath.Api;
using FastPath.Control.Config;
using Xunit;

namespace FastPath.Tests.Control.Config;

public sealed class ConfigWriterTests
{
    [Fact]
    public void What_is_written_as_yaml_is_read_as_the_same_document() => RandomConfig.Valid.Sample(
        document => Assert.Equal(ConfigWriter.ToJson(document), ConfigWriter.ToJson(ConfigReader.Read(ConfigWriter.ToYaml(document)))),
        iter: 300);

    [Fact]
    public void What_is_written_as_json_is_read_as_the_same_document() => RandomConfig.Valid.Sample(
        document => Assert.Equal(ConfigWriter.ToJson(document), ConfigWriter.ToJson(ConfigReader.Read(ConfigWriter.ToJson(document)))),
        iter: 300);

    [Fact]
    public void An_empty_document_is_written_and_read()
    {
        string yaml = ConfigWriter.ToYaml(new ConfigDocument());

        Assert.Equal("{}\n", yaml);
        Assert.Empty(ConfigReader.Read(yaml).Ports);
    }
}
