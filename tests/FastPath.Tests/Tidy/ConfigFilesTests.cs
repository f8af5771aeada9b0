using System;
using System.IO;
using System.Linq;
using FastPath.Control.Config;
using Xunit;

namespace FastPath.Tests.Tidy;

/// <summary>Examples that do not work are worse than none: each is valid, and something runs it.</summary>
public sealed class ConfigFilesTests
{
    public static TheoryData<string> Files =>
        [.. SourceTree.Find("configs", "*.yaml").Concat(SourceTree.Find("configs", "*.json"))
        .Where(path => !path.Contains("schema", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Files))]
    public void An_example_is_valid(string path)
    {
        if (path.EndsWith(".yaml", StringComparison.Ordinal))
            Assert.NotNull(ConfigReader.ReadValid(File.ReadAllText(SourceTree.Full(path))));
    }

    [Fact]
    public void Every_file_is_used_by_the_demo_a_document_or_a_test()
    {
        string[] users = [.. SourceTree.Find("scripts",
            "*.sh").Concat(SourceTree.Find("docs", "*.md")).Append("README.md")
            .Select(path => File.ReadAllText(SourceTree.Full(path))),
                .. SourceTree.Under("tests/").Select(file => file.Text)];
        TidyTests.Expect(SourceTree.Find("configs", "*").Where(path => path != "configs/README.md")
            .Where(path => !users.Any(text => text.Contains(Path.GetFileName(path), StringComparison.Ordinal)))
            .Select(path => $"{path}:1: nothing runs it"));
    }
}
