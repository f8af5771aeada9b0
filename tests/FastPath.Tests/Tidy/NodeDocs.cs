using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using FastPath.Dataplane.Telemetry;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FastPath.Tests.Tidy;

/// <summary>What a node's source says about it: the doc comment's parts and the drop reasons in its code.</summary>
public sealed partial class NodeDocs
{
    private static readonly string[] s_reasons = Enum.GetNames<DropReason>();

    private NodeDocs(SourceFile file, ClassDeclarationSyntax declaration, string name)
    {
        File = file;
        Declaration = declaration;
        Name = name;
        string text = CommentOf(declaration);
        int end = text.IndexOf("In:", StringComparison.Ordinal);
        Summary = OneLine(end < 0 ? text : text[..end]);
        In = Part(text, "In");
        Out = Part(text, "Out");
        Drops = Part(text, "Drops");
    }

    public SourceFile File { get; }

    public ClassDeclarationSyntax Declaration { get; }

    /// <summary>Name in the graph.</summary>
    public string Name { get; }

    public string Summary { get; }

    public string In { get; }

    public string Out { get; }

    public string Drops { get; }

    /// <summary>Reasons that the Drops line names.</summary>
    public IEnumerable<string> Documented =>
        Words().Matches(Drops).Select(match => match.Value).Where(s_reasons.Contains).Distinct();

    /// <summary>All nodes of the data plane, found by their [NodeName].</summary>
    public static IReadOnlyList<NodeDocs> Read()
    {
        List<NodeDocs> nodes = [];
        foreach (SourceFile file in SourceTree.Under("src/FastPath.Dataplane/"))
            foreach (ClassDeclarationSyntax type in file.All<ClassDeclarationSyntax>())
                if (NameOf(type) is { } name)
                    nodes.Add(new NodeDocs(file, type, name));
        return nodes;
    }

    /// <summary>
    /// Reasons under which the node drops packets of its own: those in its code and its base class's, without those
    /// that an error node will count (IcmpErrorCode), that are compared, or that belong to packets FastPath made.
    /// </summary>
    public IEnumerable<string> Used()
    {
        SortedSet<string> used = new(StringComparer.Ordinal);
        foreach (ClassDeclarationSyntax type in WithBases())
        {
            foreach (var access in type.DescendantNodes().OfType<MemberAccessExpressionSyntax>())
                if (access.Expression.ToString() == nameof(DropReason) && !IsForOthers(access))
                    used.Add(access.Name.Identifier.Text);
            foreach (InvocationExpressionSyntax call in type.DescendantNodes().OfType<InvocationExpressionSyntax>())
                used.UnionWith(Implied((call.Expression as MemberAccessExpressionSyntax)?.Name.Identifier.Text));
        }

        used.Remove(nameof(DropReason.Unspecified));
        return used;
    }

    /// <summary>Reasons that a call of the engine brings with it.</summary>
    private static string[] Implied(string? method) => method switch
    {
        "SendBack" => [nameof(DropReason.TooDeep)],
        "Clone" => [nameof(DropReason.NoFrame), nameof(DropReason.PendingFull)],
        _ => [],
    };

    private IEnumerable<ClassDeclarationSyntax> WithBases()
    {
        for (ClassDeclarationSyntax? type = Declaration; type != null;)
        {
            yield return type;
            string? parent = type.BaseList?.Types.FirstOrDefault()?.Type.ToString();
            type = SourceTree.Under("src/FastPath.Dataplane/Nodes/").SelectMany(file =>
                file.All<ClassDeclarationSyntax>())
                .FirstOrDefault(candidate => candidate.Identifier.Text == parent);
        }
    }

    private static bool IsForOthers(MemberAccessExpressionSyntax reason)
    {
        foreach (SyntaxNode around in reason.Ancestors())
        {
            if (around is BinaryExpressionSyntax binary
                && binary.Kind() is SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression)
                return true;
            if (around is ImplicitObjectCreationExpressionSyntax)
                return true;
            if (around is ObjectCreationExpressionSyntax creation)
                return creation.Type.ToString() == "IcmpErrorCode";
            if (around is InvocationExpressionSyntax call)
                return call.Expression.ToString().EndsWith(".DropHeld", StringComparison.Ordinal);
            if (around is StatementSyntax)
                return false;
        }

        return false;
    }

    private static string? NameOf(ClassDeclarationSyntax type) =>
        type.AttributeLists.SelectMany(list => list.Attributes)
        .Where(attribute => attribute.Name.ToString() == "NodeName")
        .Select(attribute =>
            (attribute.ArgumentList?.Arguments[0].Expression as LiteralExpressionSyntax)?.Token.ValueText)
        .FirstOrDefault();

    private static string CommentOf(ClassDeclarationSyntax type)
    {
        IEnumerable<string> lines = type.GetLeadingTrivia().ToFullString().Split('\n').Select(line => line.Trim())
            .Where(line => line.StartsWith("///", StringComparison.Ordinal)).Select(line => line[3..].Trim());
        string text = string.Join('\n', lines).Replace("<summary>", "", StringComparison.Ordinal)
            .Replace("</summary>", "", StringComparison.Ordinal);
        return SeeReference().Replace(text, match => match.Groups[1].Value).Trim();
    }

    /// <summary>The part behind a label, up to the next label or the end.</summary>
    private static string Part(string text, string label)
    {
        Match match = Regex.Match(text, $@"^{label}:\s*(.*?)(?=^(?:In|Out|Drops):|\z)", RegexOptions.Multiline
            | RegexOptions.Singleline);
        return OneLine(match.Groups[1].Value);
    }

    private static string OneLine(string text) => Spaces().Replace(text, " ").Trim();

    [GeneratedRegex(@"<see cref=""(?:\w+\.)*(\w+)""\s*/>")]
    private static partial Regex SeeReference();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Words();
}
