using System;

namespace FastPath.Control.Config;

/// <summary>A text that is no YAML or JSON, or more of it than a configuration may be.</summary>
internal sealed class ConfigSyntaxException(string message, int? line, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Line of the text, from 1; null when there is none to name.</summary>
    public int? Line { get; } = line;
}
