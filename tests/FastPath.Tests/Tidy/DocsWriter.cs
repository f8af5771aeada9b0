using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text;
using FastPath.Control.Views;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Telemetry;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FastPath.Tests.Tidy;

/// <summary>Writes the documents that are derived from the code: nodes, drop reasons, counters.</summary>
public static class DocsWriter
{
    private const string Generated =
        "<!-- Written by ./fp docs from the code; a test fails when it is old. Do not edit. -->\n\n";

    /// <summary>The documents by path.</summary>
    public static Dictionary<string, Func<string>> All { get; } = new()
    {
        ["docs/NODES.md"] = Nodes,
        ["docs/DROPS.md"] = Drops,
        ["docs/COUNTERS.md"] = Counters,
    };

    private static string Nodes()
    {
        Graph graph = Graph.Discover();
        StringBuilder text = Start("Nodes", "What each node of the graph takes, gives and drops. "
            + "Dashed arrows lead back: each costs a packet one of its hops.");
        text.Append("```mermaid\nflowchart LR\n");
        foreach (EdgeDeclaration edge in graph.Edges)
            text.Append($"  {edge.From} {(edge.Recirculates ? "-.->" : "-->")} {edge.To}\n");
        text.Append("```\n");
        foreach (NodeDocs node in NodeDocs.Read().OrderBy(node => graph.NumberOf(node.Name)))
        {
            text.Append($"\n## {node.Name}\n\n{node.Summary}\n\n");
            text.Append($"- **In:** {node.In}\n- **Out:** {node.Out}\n- **Drops:** {node.Drops}\n");
            text.Append($"- **Next:** {Targets(graph, node.Name)}\n");
            text.Append($"- **Source:** [{node.File.Path}](../{node.File.Path})\n");
        }

        return text.ToString();
    }

    private static string Targets(Graph graph, string name)
    {
        string[] targets = [.. graph.Edges.Where(edge => edge.From == name)
            .Select(edge => edge.Recirculates ? $"{edge.To} (back)" : edge.To).Distinct()];
        return targets.Length == 0 ? "none" : string.Join(", ", targets);
    }

    private static string Drops()
    {
        IReadOnlyList<NodeDocs> nodes = NodeDocs.Read();
        StringBuilder text = Start("Drop reasons",
            "Every packet that is not forwarded is counted under its node and one of these reasons.");
        text.Append("Severity says what to make of it: *normal* is expected traffic, *packet* a fault of the sender, "
            + "*config* something "
            + "an\noperator can change, *load* a resource that ran out, *bug* a fault of FastPath to be reported.\n\n");
        text.Append("| reason | severity | what it means | source | nodes |\n|---|---|---|---|---|\n");
        foreach (DropReason reason in Enum.GetValues<DropReason>().OrderBy(reason => (byte)reason))
        {
            ReasonAttribute about =
                typeof(DropReason).GetField(reason.ToString())!.GetCustomAttribute<ReasonAttribute>()!;
            string where = string.Join(", ",
                nodes.Where(node => node.Used().Contains(reason.ToString())).Select(node => node.Name));
            text.Append($"| {reason} | {Lower(about.Severity)} | {about.Sentence} | {about.Source} | {where} |\n");
        }

        text.Append("\n## Lost at a port\n\nBefore the first node or after the last one. "
            + "`fastpath drops` shows these, too, under the port's name.\n\n"
            + "| counter | severity | what it means | source |\n|---|---|---|---|\n");
        foreach (PortLosses.Loss loss in PortLosses.All)
            text.Append($"| {loss.Counter} | {loss.Severity} | {loss.Sentence} | {loss.Source} |\n");
        return text.Append("\nReasons of ICMP errors (TtlExpired, NoRoute and others) are "
            + "counted at the error nodes, which answer the sender.\n")
            .ToString();
    }

    private static string Counters()
    {
        StringBuilder text = Start("Counters",
            "What FastPath counts besides drops ([DROPS.md](DROPS.md)). Each has one writer and never goes back, but "
            + "for PollGapRecentNs.");
        text.Append("## Of each worker\n\nThe account of packets closes between any two batches: "
            + "received + created + copies "
            + "+ released + handed in\n"
            + "= sent + dropped + consumed + held + handed out.\n\n"
            + "| counter | unit | what it counts |\n|---|---|---|\n");
        foreach (Counter counter in Enum.GetValues<Counter>())
        {
            CounterAttribute about =
                typeof(Counter).GetField(counter.ToString())!.GetCustomAttribute<CounterAttribute>()!;
            text.Append($"| {counter} | {about.Unit} | {about.Sentence} |\n");
        }

        text.Append("\n## Of each port\n\n| counter | what it counts |\n|---|---|\n");
        SourceFile file = SourceTree.Files.Single(file =>
            file.Path == "src/FastPath.Dataplane/Ports/PortCounters.Unsafe.cs");
        foreach (EnumMemberDeclarationSyntax member in file.All<EnumMemberDeclarationSyntax>())
            text.Append($"| {member.Identifier.Text} | {SummaryOf(member)} |\n");
        Assert(Enum.GetValues<PortCounter>().Length == file.All<EnumMemberDeclarationSyntax>().Count());
        text.Append("\n## What the kernel counts of a socket\n\n"
            + "The API has them among the counters of a port, the metrics as `fastpath_xsk_...` (XDP_STATISTICS).\n\n"
            + "| counter | what it counts |\n|---|---|\n");
        foreach (FieldDeclarationSyntax field in SourceTree.Files
            .Single(file => file.Path == "src/FastPath.Xdp/XdpStatistics.cs").All<FieldDeclarationSyntax>())
            text.Append($"| kernel{field.Declaration.Variables[0].Identifier.Text} | {SummaryOf(field)} |\n");
        return text.ToString();
    }

    private static string SummaryOf(MemberDeclarationSyntax member)
    {
        string comment = string.Join(' ',
            member.GetLeadingTrivia().ToFullString().Split('\n').Select(line => line.Trim())
            .Where(line => line.StartsWith("///", StringComparison.Ordinal)).Select(line => line[3..].Trim()));
        string summary = comment.Replace("<summary>", "", StringComparison.Ordinal).Replace("</summary>", "",
            StringComparison.Ordinal).Trim();
        return summary.Length > 0 ? summary : Words(((EnumMemberDeclarationSyntax)member).Identifier.Text);
    }

    /// <summary>"RxPackets" says it all: "Rx packets.".</summary>
    private static string Words(string name)
    {
        StringBuilder words = new();
        foreach (char letter in name)
            words.Append(char.IsUpper(letter) && words.Length > 0 ? $" {char.ToLowerInvariant(letter)}" : letter);
        return words.Append('.').ToString();
    }

    private static string Lower(Severity severity) => severity.ToString().ToLowerInvariant();

    private static StringBuilder Start(string title, string sentence) =>
        new StringBuilder($"# {title}\n\n{Generated}{sentence}\n\n");

    private static void Assert(bool condition) =>
        Xunit.Assert.True(condition, "the enum has a member that its file does not show");
}
