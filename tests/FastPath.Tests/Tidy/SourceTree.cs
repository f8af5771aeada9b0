using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FastPath.Tests.Tidy;

/// <summary>One source file of the repository with its syntax tree, parsed once for all tidy tests.</summary>
public sealed class SourceFile(string path, string text)
{
    private readonly Lazy<CompilationUnitSyntax> _root =
        new(() => CSharpSyntaxTree.ParseText(text, path: path).GetCompilationUnitRoot());

    /// <summary>Path from the repository's root, with "/" between.</summary>
    public string Path { get; } = path;

    public string Text { get; } = text;

    public IReadOnlyList<string> Lines { get; } = text.Split('\n');

    public CompilationUnitSyntax Root => _root.Value;

    public bool IsUnsafe => Path.EndsWith(".Unsafe.cs", StringComparison.Ordinal);

    public IEnumerable<T> All<T>() where T : SyntaxNode => Root.DescendantNodes().OfType<T>();

    public bool IsUnder(params string[] folders) =>
        folders.Any(folder => Path.StartsWith(folder, StringComparison.Ordinal));

    /// <summary>A finding as editors and people read it: "file:line: rule".</summary>
    public string At(SyntaxNodeOrToken place, string rule)
    {
        int line = place.GetLocation()!.GetLineSpan().StartLinePosition.Line + 1;
        return At(line, rule);
    }

    public string At(int line, string rule) => $"{Path}:{line}: {rule}";
}

/// <summary>The repository as the tidy tests see it.</summary>
public static class SourceTree
{
    private static readonly string[] s_folders = ["src", "tests", "perf"];
    private static readonly Lazy<IReadOnlyList<SourceFile>> s_files = new(Read);

    /// <summary>Directory that holds FastPath.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every C# file that people wrote.</summary>
    public static IReadOnlyList<SourceFile> Files => s_files.Value;

    public static IEnumerable<SourceFile> Under(params string[] folders) => Files.Where(file => file.IsUnder(folders));

    public static string Full(string path) => System.IO.Path.Combine(Root, path);

    /// <summary>Files below a folder by pattern, as paths from the root; what was built is left out.</summary>
    public static IEnumerable<string> Find(string folder, string pattern)
    {
        string start = Full(folder);
        if (!Directory.Exists(start))
            return [];
        return Directory.EnumerateFiles(start, pattern, SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)
                && !file.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
    }

    private static IReadOnlyList<SourceFile> Read() =>
        [.. s_folders.SelectMany(folder => Find(folder, "*.cs")).Select(path =>
            new SourceFile(path, File.ReadAllText(Full(path))))];

    private static string FindRoot()
    {
        for (string? at = AppContext.BaseDirectory; at != null; at = System.IO.Path.GetDirectoryName(at))
            if (File.Exists(System.IO.Path.Combine(at, "FastPath.sln")))
                return at;
        throw new DirectoryNotFoundException("the tests run from a directory outside the repository");
    }
}
