using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FastPath.Api;

namespace FastPath.Control.Config;

/// <summary>
/// The JSON schema of configuration files, made from the records and their comments: an editor completes and explains
/// fields with it. configs/fastpath.schema.json is its output.
/// </summary>
internal static partial class ConfigSchema
{
    private const string Draft = "https://json-schema.org/draft/2020-12/schema";

    /// <summary>The schema as indented JSON with a line end.</summary>
    public static string Create()
    {
        Dictionary<string, string> comments = ReadComments();
        JsonSchemaExporterOptions options = new()
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, schema) => Describe(context, schema, comments),
        };
        JsonNode schema = ApiJson.Strict.GetJsonSchemaAsNode(typeof(ConfigDocument), options);
        JsonObject root = new() { ["$schema"] = Draft, ["title"] = "FastPath configuration" };
        foreach ((string name, JsonNode? value) in schema.AsObject())
            root[name] = value?.DeepClone();
        return root.ToJsonString(ApiJson.Indented) + "\n";
    }

    /// <summary>Adds the comment of a property, and lets no unknown field pass.</summary>
    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema, Dictionary<string, string> comments)
    {
        if (schema is not JsonObject json)
            return schema;
        if (context.PropertyInfo?.AttributeProvider is PropertyInfo property
            && comments.TryGetValue($"P:{property.DeclaringType!.FullName}.{property.Name}", out string? comment))
            json["description"] = comment;
        return json;
    }

    private static Dictionary<string, string> ReadComments()
    {
        Dictionary<string, string> comments = new(StringComparer.Ordinal);
        string path = Path.Combine(AppContext.BaseDirectory, "FastPath.Api.xml");
        foreach (XElement member in XDocument.Load(path).Descendants("member"))
            if (member.Element("summary") is { } summary)
                comments[(string)member.Attribute("name")!] = Plain(summary);
        return comments;
    }

    /// <summary>The comment as one line of text; a reference becomes its last name.</summary>
    private static string Plain(XElement summary)
    {
        foreach (XElement reference in (List<XElement>)[.. summary.Descendants("see")])
            reference.ReplaceWith(Field(((string?)reference.Attribute("cref") ?? "").Split('.')[^1]));
        return Spaces().Replace(summary.Value, " ").Trim();
    }

    private static string Field(string member) => member.Length == 0 ? "" : char.ToLowerInvariant(member[0]) + member[1..];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
