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
            string text when JsonNumber().IsMatch(text) && IsFinite(text) => Number(text),
            string text => JsonValue.Create(text),
        };
    }

    /// <summary>Whether a text stays that text when it is not quoted.</summary>
    public static bool IsPlainText(string text) => PlainText().IsMatch(text) && IsText(text);

    private static bool IsText(string text)
    {
        Scalar plain = new(AnchorName.Empty, TagName.Empty, text, ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false);
        return ToNode(plain) is JsonValue value && value.TryGetValue(out string? _);
    }

    private static JsonValue Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)
            ? JsonValue.Create(whole)
            : JsonValue.Create(double.Parse(text, CultureInfo.InvariantCulture));

    /// <summary>1e999 is a number to JSON's grammar, but none that can be held: it is told that it must be one.</summary>
    private static bool IsFinite(string text) => double.IsFinite(double.Parse(text, CultureInfo.InvariantCulture));

    // RFC 8259 section 6.
    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex JsonNumber();

    // Words, addresses and paths: nothing that starts or contains an indicator of YAML.
    [GeneratedRegex(@"^[A-Za-z0-9/._][A-Za-z0-9/._-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainText();
}
