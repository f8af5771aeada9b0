using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace FastPath.Tests.Tidy;

/// <summary>
/// Every source file with behaviour has a test file that mirrors its path: src/FastPath.X/Y/Z.cs has Z tests in
/// tests/*/X/Y/ZTests.cs. What is tested elsewhere, and by what, is listed in tests/FastPath.Tests/Tidy/twins.txt.
/// </summary>
public sealed class TwinTests
{
    private const string List = "tests/FastPath.Tests/Tidy/twins.txt";

    [Fact]
    public void Every_file_with_behaviour_has_its_tests()
    {
        Dictionary<string, string> listed = Read();
        string[] tests = [.. SourceTree.Under("tests/").Select(file => file.Path)];
        TidyTests.Expect(SourceTree.Under("src/FastPath.")
            .Where(file => HasBehaviour(file) && Lookup(listed, file.Path) == null)
            .Where(file => !tests.Any(test => test.EndsWith(Twin(file.Path), StringComparison.Ordinal)))
            .Select(file => file.At(1,
                $"no test: write tests/FastPath.Tests{Twin(file.Path)}, or say in {List} where it is tested")));
    }

    [Fact]
    public void The_list_names_files_that_are_there()
    {
        List<string> findings = [];
        foreach ((string source, string test) in Read())
        {
            bool isFolder = source.EndsWith('/');
            if (isFolder ? !Directory.Exists(SourceTree.Full(source)) : !File.Exists(SourceTree.Full(source)))
                findings.Add($"{List}:1: {source} is gone");
            if (!File.Exists(SourceTree.Full(test)) && !Directory.Exists(SourceTree.Full(test)))
                findings.Add($"{List}:1: {source} says it is tested by {test}, which is not there");
        }

        TidyTests.Expect(findings);
    }

    [Theory]
    [InlineData("enum E { A }", false)]
    [InlineData("record R(int A) { public int B { get; init; } }", false)]
    [InlineData("interface I { void M(); }", false)]
    [InlineData("class C { const int X = 1; }", false)]
    [InlineData("class C { int M() => 1; }", true)]
    [InlineData("class C { int P => 1; }", true)]
    [InlineData("record R(int A) { public int Twice() { return A * 2; } }", true)]
    public void Behaviour_is_code_that_can_be_wrong(string text, bool expected) =>
        Assert.Equal(expected, HasBehaviour(new SourceFile("src/X.cs", text)));

    /// <summary>
    /// The end of the twin's path: src/FastPath.Net/Wire/Wire.Unsafe.cs is tested by .../Net/Wire/WireTests.cs.
    /// </summary>
    private static string Twin(string path)
    {
        string inside = path["src/FastPath.".Length..];
        string name = Path.GetFileName(inside).Split('.')[0];
        return $"/{Path.GetDirectoryName(inside)!.Replace('\\', '/')}/{name}Tests.cs";
    }

    private static bool HasBehaviour(SourceFile file) => file.Root.DescendantNodes().Any(node => node switch
    {
        BaseMethodDeclarationSyntax method => method.Body != null || method.ExpressionBody != null,
        PropertyDeclarationSyntax property => property.ExpressionBody != null,
        AccessorDeclarationSyntax accessor => accessor.Body != null || accessor.ExpressionBody != null,
        GlobalStatementSyntax => true,
        _ => false,
    });

    private static string? Lookup(Dictionary<string, string> listed, string path) =>
        listed.FirstOrDefault(entry => entry.Key == path
            || (entry.Key.EndsWith('/') && path.StartsWith(entry.Key, StringComparison.Ordinal)))
            .Value;

    private static Dictionary<string, string> Read()
    {
        Dictionary<string, string> listed = [];
        foreach (string line in File.ReadAllLines(SourceTree.Full(List)))
        {
            string entry = line.Split('#')[0].Trim();
            if (entry.Length == 0)
                continue;
            string[] parts = entry.Split(" -> ");
            Assert.True(parts.Length == 2, $"{List}: \"{line}\" is not \"source -> test\"");
            listed.Add(parts[0].Trim(), parts[1].Trim());
        }

        return listed;
    }
}
