using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Xunit;

namespace FastPath.Tests.Tidy;

/// <summary>Projects, their arrows and their packages.</summary>
public sealed class ProjectTests
{
    /// <summary>What each project of src/ may reference; one that is not listed may not exist.</summary>
    private static readonly Dictionary<string, string[]> s_arrows = new()
    {
        ["FastPath.Net"] = [],
        ["FastPath.Xdp"] = [],
        ["FastPath.Dataplane"] = ["FastPath.Net", "FastPath.Xdp"],
        ["FastPath.Api"] = [],
        ["FastPath.Control"] = ["FastPath.Dataplane", "FastPath.Api"],
        ["FastPath.Cli"] = ["FastPath.Api"],
        ["FastPath.Cni"] = ["FastPath.Api"],
    };

    /// <summary>What in a source file shows that a package is called; analyzers are called by the compiler.</summary>
    private static readonly Dictionary<string, string> s_calls = new()
    {
        ["BenchmarkDotNet"] = "using BenchmarkDotNet.",
        ["CommunityToolkit.HighPerformance"] = "using CommunityToolkit.HighPerformance",
        ["CsCheck"] = "using CsCheck;",
        ["Microsoft.AspNetCore.OpenApi"] = ".MapOpenApi(",
        ["Microsoft.CodeAnalysis.BannedApiAnalyzers"] = "",
        ["Microsoft.CodeAnalysis.CSharp"] = "using Microsoft.CodeAnalysis.CSharp;",
        ["Microsoft.Extensions.ObjectPool"] = "using Microsoft.Extensions.ObjectPool",
        ["PacketDotNet"] = "using PacketDotNet;",
        ["prometheus-net"] = "using Prometheus;",
        ["SharpPcap"] = "using SharpPcap",
        ["Spectre.Console"] = "using Spectre.Console",
        ["System.CommandLine"] = "using System.CommandLine",
        ["Tmds.LibC"] = "using Tmds.Linux",
        ["xunit.v3"] = "using Xunit;",
        ["YamlDotNet"] = "using YamlDotNet",
    };

    private static IEnumerable<string> Projects => SourceTree.Find("src", "*.csproj")
        .Concat(SourceTree.Find("tests", "*.csproj")).Concat(SourceTree.Find("perf", "*.csproj"));

    [Fact]
    public void Project_references_are_the_arrows_of_the_architecture()
    {
        List<string> findings = [];
        foreach (string path in SourceTree.Find("src", "*.csproj"))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            string[] allowed = s_arrows.GetValueOrDefault(name) ?? [];
            if (!s_arrows.ContainsKey(name))
                findings.Add($"{path}:1: the architecture knows no project {name}");
            foreach (string target in References(path,
                "ProjectReference").Select(Path.GetFileNameWithoutExtension).OfType<string>())
                if (!allowed.Contains(target))
                    findings.Add($"{path}:1: {name} must not reference {target}");
        }

        TidyTests.Expect(findings);
    }

    [Fact]
    public void The_data_plane_and_below_reference_no_framework()
    {
        List<string> findings = [];
        foreach (string path in SourceTree.Find("src", "*.csproj"))
        {
            bool isBelow = path.Contains("/FastPath.Net/", StringComparison.Ordinal)
                || path.Contains("/FastPath.Dataplane/", StringComparison.Ordinal);
            if (isBelow)
                findings.AddRange(References(path, "PackageReference").Select(package =>
                    $"{path}:1: no package here: {package}"));
            if (isBelow && (string?)XDocument.Load(SourceTree.Full(path)).Root!.Attribute("Sdk") != "Microsoft.NET.Sdk")
                findings.Add($"{path}:1: the plain SDK, so that no framework comes with it");
        }

        TidyTests.Expect(findings);
    }

    [Fact]
    public void Every_package_is_referenced_and_called()
    {
        string[] referenced =
            [.. Projects.Append("Directory.Build.props").SelectMany(path => References(path, "PackageReference"))];
        List<string> findings = [];
        foreach (string package in Versions())
        {
            if (!referenced.Contains(package))
                findings.Add($"Directory.Packages.props:1: no project references {package}");
            if (!s_calls.TryGetValue(package, out string? call))
                findings.Add($"Directory.Packages.props:1: say in ProjectTests.s_calls how a call of {package} looks");
            else if (!SourceTree.Files.Any(file => file.Text.Contains(call, StringComparison.Ordinal)))
                findings.Add($"Directory.Packages.props:1: nothing calls {package} (no \"{call}\")");
        }

        TidyTests.Expect(findings);
    }

    [Fact]
    public void Every_package_has_a_reason_in_the_documents()
    {
        string text = File.ReadAllText(SourceTree.Full("docs/DEPENDENCIES.md"));
        TidyTests.Expect(Versions().Where(package => !text.Contains($"`{package}`", StringComparison.Ordinal))
            .Select(package => $"docs/DEPENDENCIES.md:1: says nothing about {package}"));
    }

    [Fact]
    public void Versions_stand_in_one_place_and_every_project_has_a_lock_file()
    {
        List<string> findings = [];
        foreach (string path in Projects)
        {
            if (XDocument.Load(SourceTree.Full(path)).Descendants("PackageReference").Any(e =>
                e.Attribute("Version") != null))
                findings.Add($"{path}:1: versions stand in Directory.Packages.props");
            if (!File.Exists(Path.Combine(SourceTree.Full(Path.GetDirectoryName(path)!), "packages.lock.json")))
                findings.Add($"{path}:1: no packages.lock.json beside it: run dotnet restore and commit it");
        }

        TidyTests.Expect(findings);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(SourceTree.Full("FastPath.sln")).Replace('\\', '/');
        TidyTests.Expect(Projects.Where(path => !solution.Contains(path, StringComparison.Ordinal))
            .Select(path => $"{path}:1: not in FastPath.sln"));
    }

    private static IEnumerable<string> Versions() =>
        XDocument.Load(SourceTree.Full("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(element => (string)element.Attribute("Include")!);

    private static IEnumerable<string> References(string path, string kind) =>
        XDocument.Load(SourceTree.Full(path)).Descendants(kind).Select(element => (string?)element.Attribute("Include"))
            .OfType<string>();
}
