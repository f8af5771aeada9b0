using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace FastPath.Api;

/// <summary>A list with the revision of the configuration it was read at.</summary>
public sealed record Items<T>([property: JsonPropertyName("items")] IReadOnlyList<T> List, long Revision);

/// <summary>One change between two configurations.</summary>
/// <param name="Operation">"add", "change" or "remove".</param>
/// <param name="Path">What: ports/web1, routes/10.0.0.0~18, ...</param>
/// <param name="Before">As JSON; null for an addition.</param>
/// <param name="After">As JSON; null for a removal.</param>
/// <param name="Effect">What the data plane does, in a sentence.</param>
public sealed record ChangeView(string Operation, string Path, string? Before, string? After, string Effect);

/// <summary>The answer to a change of configuration.</summary>
public sealed record ChangeResult(bool DryRun, long Revision, IReadOnlyList<ChangeView> Changes);

/// <summary>How many learned addresses were forgotten.</summary>
public sealed record FlushResult(int Removed);

/// <summary>Whether fastpathd forwards as configured.</summary>
/// <param name="State">One of <see cref="SystemStates"/>.</param>
/// <param name="Reasons">Why not ready: one sentence each.</param>
public sealed record ReadyView(string State, IReadOnlyList<string> Reasons);

/// <summary>One thing wrong with a configuration.</summary>
/// <param name="Path">JSON pointer to the field, such as /ports/web1/mtu.</param>
/// <param name="Message">What is wrong and what would be right.</param>
/// <param name="Line">Line of the file it stands in, from 1; null when it did not come from one.</param>
public sealed record FieldError(string Path, string Message, int? Line = null)
{
    public override string ToString() => $"{(Line is int line ? $"line {line}: " : "")}{(Path.Length == 0 ? "/" : Path)}: {Message}";
}

/// <summary>What went wrong with a request (RFC 9457), with every field error.</summary>
public sealed record Problem
{
    /// <summary>A name of the kind of problem that does not change: urn:fastpath:problem:conflict, ...</summary>
    public string Type { get; set; } = "about:blank";

    /// <summary>The kind of problem in words.</summary>
    public string Title { get; set; } = "";

    /// <summary>HTTP status.</summary>
    public int Status { get; set; }

    /// <summary>What happened this time and what to do.</summary>
    public string Detail { get; set; } = "";

    public IReadOnlyList<FieldError> Errors { get; set; } = [];
}

/// <param name="Node">Node of the graph that dropped, or the port that lost, such as ports/web1.</param>
/// <param name="Reason">Name of the reason, or of the port's counter, camelCase.</param>
/// <param name="Severity">normal, packet, config, load or bug.</param>
/// <param name="Sentence">What it means and what to do.</param>
/// <param name="Source">RFC and section.</param>
public sealed record DropView(
    string Node, string Reason, string Severity, ulong Packets, string Sentence, string Source);

/// <summary>One counter of one worker, node or the whole switch.</summary>
public sealed record CounterView(string Name, string Unit, ulong Value, string Sentence);

/// <param name="Nodes">Packets that each node handled.</param>
public sealed record WorkerView(int Index, int? Processor, string State, IReadOnlyList<CounterView> Counters,
    IReadOnlyDictionary<string, ulong> Nodes, IReadOnlyDictionary<string, int> Frames);

/// <summary>Values of <see cref="SystemView.State"/>.</summary>
public static class SystemStates
{
    /// <summary>Forwards as configured.</summary>
    public const string Ready = "ready";

    public const string Starting = "starting";

    /// <summary>Forwards, but something configured does not work: the reasons say what.</summary>
    public const string Degraded = "degraded";
}

/// <summary>What fastpathd is and how it does.</summary>
/// <param name="State">One of <see cref="SystemStates"/>.</param>
/// <param name="Reasons">Why not ready: one sentence each.</param>
/// <param name="Features">
/// Kernel features that were asked for up to now, or refused: name and "granted", "missing" or "refused".
/// </param>
/// <param name="Tables">How full the tables are.</param>
/// <param name="GcPauseMaxMs">Longest garbage collection pause since it was ready, milliseconds.</param>
/// <param name="Events">Latest changes of state, newest last.</param>
public sealed record SystemView(
    string Version, string State, IReadOnlyList<string> Reasons, long Revision, double UptimeSeconds,
    IReadOnlyDictionary<string, string> Features, IReadOnlyList<TableView> Tables, double GcPauseMaxMs,
    IReadOnlyList<EventView> Events);

/// <param name="Name">"fdb", "neighbors", "fib4", "fib6" or "tunnels".</param>
/// <param name="Entries">In use now.</param>
/// <param name="Capacity">At most; null when only memory bounds it.</param>
public sealed record TableView(string Name, int Entries, int? Capacity);

/// <summary>A change of state, with its reason.</summary>
public sealed record EventView(string Time, string Subject, string Message);

/// <summary>The graph of nodes in Graphviz's language.</summary>
public sealed record GraphView(string Dot, IReadOnlyList<string> Nodes);
