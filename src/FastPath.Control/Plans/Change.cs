using System.Text.Json.Nodes;
using FastPath.Api;

namespace FastPath.Control.Plans;

public enum ChangeKind
{
    Add,
    Change,
    Remove,
}

/// <summary>One object that a new configuration adds, changes or removes.</summary>
/// <param name="Path">Identity of the object, such as ports/web1.</param>
/// <param name="Before">What it was; null for an addition.</param>
/// <param name="After">What it becomes; null for a removal.</param>
public sealed record Change(ChangeKind Kind, string Path, JsonObject? Before, JsonObject? After)
{
    /// <summary>Kind of object: the first step of the path.</summary>
    public string ObjectKind => Path.Split('/', 2)[0];

    /// <summary>Name of the object within its kind; empty for the only one.</summary>
    public string Name => Path.Contains('/', System.StringComparison.Ordinal) ? Path.Split('/', 2)[1] : "";

    /// <param name="effect">What the data plane does, in a sentence.</param>
    public ChangeView ToView(string effect) => new(Kind.ToString().ToLowerInvariant(), Path,
        Before?.ToJsonString(ApiJson.Strict), After?.ToJsonString(ApiJson.Strict), effect);

    public override string ToString() =>
        $"{Kind switch { ChangeKind.Add => '+', ChangeKind.Remove => '-', _ => '~' }} {Path}";
}
