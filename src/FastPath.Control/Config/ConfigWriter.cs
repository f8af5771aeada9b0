using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FastPath.Api;

namespace FastPath.Control.Config;

/// <summary><see cref="ConfigDocument"/> to text that <see cref="ConfigReader"/> reads as the same document.</summary>
public static class ConfigWriter
{
    public static string ToJson(ConfigDocument document) => JsonSerializer.Serialize(document, ApiJson.Indented.TypeOf<ConfigDocument>());

    /// <summary>Block style, what is empty left out.</summary>
    public static string ToYaml(ConfigDocument document)
    {
        StringBuilder yaml = new();
        JsonNode root = JsonSerializer.SerializeToNode(document, ApiJson.Strict.TypeOf<ConfigDocument>())!;
        Write(yaml, root, indent: 0, inList: false);
        return yaml.Length == 0 ? "{}\n" : yaml.ToString();
    }

    private static void Write(StringBuilder yaml, JsonNode node, int indent, bool inList)
    {
        if (node is JsonArray array)
        {
            foreach (JsonNode? item in array)
            {
                yaml.Append(' ', indent).Append('-');
                WriteValue(yaml, item, indent, inList: true);
            }

            return;
        }

        bool first = inList;
        foreach ((string name, JsonNode? value) in node.AsObject())
        {
            if (indent == 0 && value is JsonObject { Count: 0 } or JsonArray { Count: 0 })
                continue;
            yaml.Append(' ', first ? 1 : indent).Append(Quote(name)).Append(':');
            first = false;
            WriteValue(yaml, value, indent, inList: false);
        }
    }

    private static void WriteValue(StringBuilder yaml, JsonNode? value, int indent, bool inList)
    {
        switch (value)
        {
            case JsonObject { Count: 0 }: yaml.Append(" {}\n"); break;
            case JsonArray { Count: 0 }: yaml.Append(" []\n"); break;
            case JsonObject json when inList: Write(yaml, json, indent + 2, inList: true); break;
            case JsonObject or JsonArray:
                yaml.Append('\n');
                Write(yaml, value, indent + 2, inList: false);
                break;
            default: yaml.Append(' ').Append(Scalar(value)).Append('\n'); break;
        }
    }

    private static string Scalar(JsonNode? value) =>
        value is JsonValue text && text.GetValueKind() == JsonValueKind.String ? Quote(text.GetValue<string>()) : value?.ToJsonString() ?? "null";

    private static string Quote(string text)
    {
        if (YamlScalar.IsPlainText(text))
            return text;
        StringBuilder quoted = new("\"");
        foreach (Rune c in text.EnumerateRunes())
            quoted.Append(c.Value switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                < ' ' or > '~' => string.Create(CultureInfo.InvariantCulture, $"\\U{c.Value:x8}"),
                _ => c.ToString(),
            });
        return quoted.Append('"').ToString();
    }
}
