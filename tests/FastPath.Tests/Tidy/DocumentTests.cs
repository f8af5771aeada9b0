using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using FastPath.Control.Config;
using Xunit;

namespace FastPath.Tests.Tidy;

/// <summary>What documents say about the repository is so.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] s_blocks = ["sh", "text", "mermaid", "yaml", "json"];

    private static IEnumerable<string> Documents =>
        SourceTree.Find("docs", "*.md").Concat(["README.md", "CHANGELOG.md"]);

    [Fact]
    public void Links_lead_to_files()
    {
        List<string> findings = [];
        foreach (string path in Documents)
            foreach (Match match in Link().Matches(File.ReadAllText(SourceTree.Full(path))))
            {
                string target = match.Groups[1].Value.Split('#')[0];
                string full = Path.Combine(Path.GetDirectoryName(SourceTree.Full(path))!, target);
                bool isHere = target.Length == 0 || target.Contains("://", StringComparison.Ordinal)
                    || File.Exists(full) || Directory.Exists(full);
                if (!isHere)
                    findings.Add($"{path}:1: {target} is not there");
            }

        TidyTests.Expect(findings);
    }

    [Fact]
    public void Files_that_are_named_are_there()
    {
        List<string> findings = [];
        foreach (string path in Documents)
            foreach (Match match in SourcePath().Matches(File.ReadAllText(SourceTree.Full(path))))
                if (!File.Exists(SourceTree.Full(match.Value)) && !Directory.Exists(SourceTree.Full(match.Value)))
                    findings.Add($"{path}:1: {match.Value} is not there");
        TidyTests.Expect(findings);
    }

    [Fact]
    public void Blocks_say_whether_they_are_run()
    {
        List<string> findings = [];
        foreach (string path in Documents)
        {
            string[] lines = File.ReadAllLines(SourceTree.Full(path));
            bool isInside = false;
            for (int n = 0; n < lines.Length; n++)
            {
                if (!lines[n].TrimStart().StartsWith("```", StringComparison.Ordinal))
                    continue;
                isInside = !isInside;
                if (isInside && !s_blocks.Contains(lines[n].Trim()[3..]))
                    findings.Add($"{path}:{n + 1}: mark the block sh (run by a test) or text (docs/STYLE.md)");
            }
        }

        TidyTests.Expect(findings);
    }

    [Fact]
    public void Every_decision_that_is_cited_is_written_down()
    {
        string[] written = [.. SourceTree.Find("docs/decisions", "*.md").Select(path => Path.GetFileName(path)[..4])];
        Assert.Equal(written.Distinct(), written);
        List<string> findings = [];
        foreach (SourceFile file in SourceTree.Files.Where(file =>
            !file.Path.Contains("/Tidy/", StringComparison.Ordinal)))
            foreach (Match match in Decision().Matches(file.Text))
                if (!written.Contains(match.Groups[1].Value))
                    findings.Add(file.At(1, $"{match.Value} is not in docs/decisions"));
        TidyTests.Expect(findings);
    }

    [Fact]
    public void Every_kernel_feature_has_its_first_kernel_and_its_fallback()
    {
        string[] rows = File.ReadAllLines(SourceTree.Full("docs/KERNELS.md"));
        TidyTests.Expect(SystemRules.AllFeatures().Select(SystemRules.NameOf)
            .Where(name => rows.Count(row => row.StartsWith($"| {name} | ", StringComparison.Ordinal)) != 1)
            .Select(name => $"docs/KERNELS.md:1: one row for {name}: first kernel, use, fallback"));
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<=`)(?:src|tests|native|perf|scripts|configs)/[\w./-]+(?=`)")]
    private static partial Regex SourcePath();

    [GeneratedRegex(@"decision (\d{4})")]
    private static partial Regex Decision();
}
