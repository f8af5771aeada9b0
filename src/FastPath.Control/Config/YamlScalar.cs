using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FastPath.Control.Config;

/// <summary>What a YAML scalar means: quoted is text; plain is null, true, false, a number as JSON writes it, or text.</summary>
internal static partial class YamlScalar
{
    public static JsonNode? ToNode(Scalar scalar)
    {
        if (scalar.Style != ScalarStyle.Plain)
            return JsonValue.Create(scalar.Value);
        return scalar.Value switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            string text when JsonNumber().IsMatch(text) => Number(text),
            string text => JsonValue.Create(text),
        };
    }

    /// <summary>Whether a text must be quoted to stay text.</summary>
    public static bool IsPlainText(string text) =>
        PlainText().IsMatch(text) && ToNode(new Scalar(text)) is JsonValue value && value.TryGetValue(out string? _);

    private static JsonValue Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)
            ? JsonValue.Create(whole)
            : JsonValue.Create(double.Parse(text, CultureInfo.InvariantCulture));

    // RFC 8259 section 6.
    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex JsonNumber();

    // Words, addresses and paths: nothing that starts or contains an indicator of YAML.
    [GeneratedRegex("^[A-Za-z0-9/._][A-Za-z0-9/._-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex PlainText();
}
