using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FastPath.Netns.Support;
using Xunit;

namespace FastPath.Netns.Docs;

/// <summary>What documents tell the reader to type works: scripts/run-blocks.sh runs the blocks marked sh.</summary>
public sealed class DocumentBlocksTests
{
    /// <summary>Its blocks go to a server without devices, and need no root: ApiDocTests of the unit tests runs them.</summary>
    private const string ApiGuide = "docs/API.md";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    public static TheoryData<string> Documents => [.. WithBlocks()];

    [Theory]
    [MemberData(nameof(Documents))]
    public void The_commands_of_a_document_work_in_order(string path)
    {
        Topology.RequireRoot();
        CommandResult result = Command.Run([Path.Combine(Root, "scripts/run-blocks.sh"), path], s_limit);
        Assert.True(result.ExitCode == 0, $"{path}:{Environment.NewLine}{result.Output}{result.Error}");
    }

    private static string Root { get; } = FindRoot();

    private static IEnumerable<string> WithBlocks() => Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md")
        .Append(Path.Combine(Root, "README.md"))
        .Where(path => File.ReadLines(path).Any(line => line.TrimEnd() == "```sh"))
        .Select(path => Path.GetRelativePath(Root, path)).Where(path => path != ApiGuide).Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        for (string? at = AppContext.BaseDirectory; at != null; at = Path.GetDirectoryName(at))
            if (File.Exists(Path.Combine(at, "FastPath.sln")))
                return at;
        throw new DirectoryNotFoundException("the tests run from a directory outside the repository");
    }
}
