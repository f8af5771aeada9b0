using System.Collections.Generic;
using System.Text.Json.Nodes;

namespace FastPath.Control.Config;

/// <summary>A configuration as read.</summary>
/// <param name="Root">Its nodes.</param>
/// <param name="Lines">The line of the file that each JSON pointer was written in.</param>
/// <param name="EmptyIsDefault">
/// Whether an empty value is as good as none. In YAML "mtu:" is one that nobody has filled in; in JSON somebody wrote null.
/// </param>
internal sealed record ConfigTree(JsonNode? Root, IReadOnlyDictionary<string, int> Lines, bool EmptyIsDefault)
{
    /// <summary>The line of a field or, when it is not written, of the nearest object around it; null when not known.</summary>
    public int? LineOf(string pointer)
    {
        for (string at = pointer; ; at = at[..at.LastIndexOf('/')])
        {
            if (Lines.TryGetValue(at, out int line))
                return line;
            if (at.Length == 0)
                return null;
        }
    }
}
