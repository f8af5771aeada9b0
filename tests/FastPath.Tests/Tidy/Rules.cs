using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FastPath.Tests.Tidy;

/// <summary>Rules about single files (docs/STYLE.md). Each takes a file and returns its findings.</summary>
public static class Rules
{
    public const int FileLinesMax = 500;
    public const int MethodLinesMax = 70;
    public const int LineCharactersMax = 120;

    private const int WideLineCharactersMax = 180;

    /// <summary>
    /// Folders that were written before the rule was checked. Nothing is added here; folders leave it.
    /// </summary>
    private static readonly string[] s_wide =
    [
        "src/FastPath.Api/", "src/FastPath.Cli/", "src/FastPath.Control/", "src/FastPath.Xdp/", "src/Shared/", "perf/",
        "tests/FastPath.Netns/", "tests/FastPath.Sim/", "tests/FastPath.Fuzz/", "tests/FastPath.Forwarder/",
            "tests/Shared/",
        "tests/FastPath.Tests/Api/", "tests/FastPath.Tests/Cli/", "tests/FastPath.Tests/Control/",
            "tests/FastPath.Tests/Xdp/",
    ];

    private static readonly string[] s_unsafeTypes = ["Unsafe", "MemoryMarshal", "NativeMemory", "Marshal"];

    private static readonly SyntaxKind[] s_bannedKeywords =
    [
        SyntaxKind.LockKeyword, SyntaxKind.AsyncKeyword, SyntaxKind.AwaitKeyword, SyntaxKind.YieldKeyword,
            SyntaxKind.GotoKeyword,
    ];

    private static readonly string[] s_vagueSuffixes =
        ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Processor", "Context", "Impl", "Info", "Data"];

    public static IEnumerable<string> Size(SourceFile file)
    {
        int lines = file.Lines.Count - (file.Lines[^1].Length == 0 ? 1 : 0);
        if (lines > FileLinesMax)
            yield return file.At(FileLinesMax + 1, $"a file has at most {FileLinesMax} lines; this one has {lines}");
        int characters = file.IsUnder(s_wide) ? WideLineCharactersMax : LineCharactersMax;
        for (int n = 0; n < file.Lines.Count; n++)
            if (file.Lines[n].Length > characters)
                yield return file.At(n + 1, $"a line has {file.Lines[n].Length} characters, at most {characters}");
        foreach (SyntaxNode body in Bodies(file))
        {
            FileLinePositionSpan span = body.GetLocation().GetLineSpan();
            int length = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
            if (length > MethodLinesMax)
                yield return file.At(body, $"a method has at most {MethodLinesMax} lines; this one has {length}");
        }
    }

    /// <summary>
    /// The unsafe keyword, and types that need the same care, stand in *.Unsafe.cs files only, and there with a reason.
    /// </summary>
    public static IEnumerable<string> Unsafe(SourceFile file)
    {
        SyntaxToken keyword =
            file.Root.DescendantTokens().FirstOrDefault(token => token.IsKind(SyntaxKind.UnsafeKeyword));
        if (file.IsUnsafe)
        {
            if (!file.Text.Contains("// SAFETY:", StringComparison.Ordinal))
                yield return file.At(1, "a *.Unsafe.cs file says with \"// SAFETY:\" what makes it right");
            yield break;
        }

        if (!keyword.IsKind(SyntaxKind.None))
            yield return file.At(keyword, "unsafe code stands in a file named *.Unsafe.cs");
        foreach (MemberAccessExpressionSyntax access in file.All<MemberAccessExpressionSyntax>())
            if (access.Expression is IdentifierNameSyntax name && s_unsafeTypes.Contains(name.Identifier.Text))
                yield return file.At(access, $"{name} stands in a file named *.Unsafe.cs");
    }

    public static IEnumerable<string> BannedKeywords(SourceFile file)
    {
        foreach (SyntaxToken token in file.Root.DescendantTokens())
            if (s_bannedKeywords.Contains(token.Kind()))
                yield return file.At(token, $"'{token.Text}' is banned in the data plane");
        foreach (IdentifierNameSyntax name in file.All<IdentifierNameSyntax>())
            if (name.Identifier.Text == "dynamic" && name.Parent is VariableDeclarationSyntax or ParameterSyntax)
                yield return file.At(name, "'dynamic' is banned in the data plane");
    }

    public static IEnumerable<string> MutableStatics(SourceFile file)
    {
        foreach (FieldDeclarationSyntax field in file.All<FieldDeclarationSyntax>())
            if (Has(field.Modifiers, SyntaxKind.StaticKeyword) && !Has(field.Modifiers, SyntaxKind.ReadOnlyKeyword))
                yield return file.At(field, "a static field of the data plane is readonly: state has an owner");
        foreach (PropertyDeclarationSyntax property in file.All<PropertyDeclarationSyntax>())
            if (Has(property.Modifiers, SyntaxKind.StaticKeyword) && property.AccessorList is { } accessors
                && accessors.Accessors.Any(accessor => accessor.IsKind(SyntaxKind.SetAccessorDeclaration)))
                yield return file.At(property, "a static property of the data plane has no setter: state has an owner");
    }

    public static IEnumerable<string> Names(SourceFile file)
    {
        foreach (BaseTypeDeclarationSyntax type in file.All<BaseTypeDeclarationSyntax>())
        {
            bool isSerializer = type.BaseList?.ToString().Contains("JsonSerializerContext",
                StringComparison.Ordinal) == true;
            string? suffix = s_vagueSuffixes.FirstOrDefault(word =>
                type.Identifier.Text.EndsWith(word, StringComparison.Ordinal));
            if (suffix != null && !isSerializer)
                yield return file.At(type, $"a name that ends with {suffix} says nothing: name what it is");
            if (file.IsUnder("src/") && type.Modifiers.Any(SyntaxKind.PartialKeyword) && !NeedsPartial(type))
                yield return file.At(type, "partial types are for generated code");
        }

        foreach (SyntaxTrivia trivia in file.Root.DescendantTrivia(descendIntoTrivia: true))
            if (trivia.IsKind(SyntaxKind.RegionDirectiveTrivia))
                yield return file.At(trivia.GetLocation().GetLineSpan().StartLinePosition.Line
                    + 1, "no #region: make the file smaller");
    }

    public static IEnumerable<string> Unfinished(SourceFile file)
    {
        foreach (SyntaxTrivia trivia in file.Root.DescendantTrivia())
        {
            string text = trivia.ToFullString();
            if (IsComment(trivia) && s_unfinished.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)))
                yield return file.At(trivia.GetLocation().GetLineSpan().StartLinePosition.Line
                    + 1, "finish it, or file an issue");
        }
    }

    /// <summary>Forced inlining names its reason, and nothing asks the JIT to skip tiering.</summary>
    public static IEnumerable<string> Inlining(SourceFile file)
    {
        foreach (AttributeSyntax attribute in file.All<AttributeSyntax>())
        {
            string text = attribute.ToString();
            if (text.Contains("AggressiveOptimization", StringComparison.Ordinal))
                yield return file.At(attribute, "no AggressiveOptimization: it gives up dynamic PGO");
            int line = attribute.GetLocation().GetLineSpan().StartLinePosition.Line;
            bool hasReason = file.Lines[line].Contains("//", StringComparison.Ordinal)
                || (line > 0 && file.Lines[line - 1].Contains("// perf:", StringComparison.Ordinal));
            if (text.Contains("AggressiveInlining", StringComparison.Ordinal) && !hasReason)
                yield return file.At(attribute,
                    "AggressiveInlining says why on its line or in a \"// perf:\" comment above");
        }
    }

    private static readonly string[] s_unfinished = ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK:"];

    private static bool IsComment(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)
        || trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia);

    /// <summary>Source generators fill in partial types: P/Invoke, JSON, regular expressions, log messages.</summary>
    private static bool NeedsPartial(BaseTypeDeclarationSyntax type) =>
        type.ToString() is var text && (text.Contains("LibraryImport", StringComparison.Ordinal)
            || text.Contains("JsonSerializable", StringComparison.Ordinal)
            || text.Contains("GeneratedRegex", StringComparison.Ordinal)
            || text.Contains("LoggerMessage", StringComparison.Ordinal));

    private static IEnumerable<SyntaxNode> Bodies(SourceFile file) => file.Root.DescendantNodes().Where(node =>
        node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
            or AnonymousFunctionExpressionSyntax);

    private static bool Has(SyntaxTokenList modifiers, SyntaxKind kind) =>
        modifiers.Any(kind) || modifiers.Any(SyntaxKind.ConstKeyword);
}
