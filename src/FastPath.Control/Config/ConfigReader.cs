using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Nodes;
using FastPath.Api;

namespace FastPath.Control.Config;

/// <summary>Text to <see cref="ConfigDocument"/>: YAML, or JSON when the first character is a brace.</summary>
public static class ConfigReader
{
    private static readonly string[] s_named = ["ports", "uplinks", "vteps", "bridges"];

    /// <summary>Reads a configuration. Whether it makes sense is the validator's business.</summary>
    /// <exception cref="InvalidConfigException">Not YAML or JSON, unknown names or wrong types: all of them.</exception>
    public static ConfigDocument Read(string text) => Bind(Parse(text));

    /// <summary>Reads and validates; errors of both name the line they stand in.</summary>
    /// <exception cref="InvalidConfigException">Every error.</exception>
    public static ConfigDocument ReadValid(string text)
    {
        ConfigTree tree = Parse(text);
        ConfigDocument document = Bind(tree);
        IReadOnlyList<FieldError> errors = Validator.Check(document, out _);
        return errors.Count == 0 ? document : throw new InvalidConfigException(WithLines(errors, tree));
    }

    private static ConfigTree Parse(string text)
    {
        try
        {
            return text.AsSpan().TrimStart().StartsWith("{") ? ReadJson(text) : YamlReader.Read(text);
        }
        catch (ConfigSyntaxException e)
        {
            throw new InvalidConfigException([new FieldError("", e.Message, e.Line)]);
        }
    }

    private static ConfigDocument Bind(ConfigTree tree)
    {
        JsonObject? root = tree.Root as JsonObject;
        if (root == null && tree.Root != null)
            throw new InvalidConfigException([new FieldError("", "must be an object with ports, bridges and so on", 1)]);
        root ??= [];
        TakeEmptyAsDefault(root);
        List<FieldError> errors = [];
        ConfigDocument? document = StrictJson.Read<ConfigDocument>(JsonSerializer.SerializeToElement(root), "", errors);
        return document ?? throw new InvalidConfigException(WithLines(errors, tree));
    }

    /// <summary>
    /// An empty value counts as not written: "mtu:" is the default, "bridges: {blue: }" a bridge that is all defaults.
    /// </summary>
    private static void TakeEmptyAsDefault(JsonObject root)
    {
        foreach (string kind in s_named)
            if (root[kind] is JsonObject named)
                foreach ((string name, JsonNode? value) in (List<KeyValuePair<string, JsonNode?>>)[.. named])
                    if (value is null)
                        named[name] = new JsonObject();
        RemoveEmpty(root);
    }

    private static void RemoveEmpty(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (JsonNode? item in array)
                RemoveEmpty(item);
        }
        else if (node is JsonObject json)
        {
            foreach ((string name, JsonNode? value) in (List<KeyValuePair<string, JsonNode?>>)[.. json])
                if (value is null)
                    json.Remove(name);
                else
                    RemoveEmpty(value);
        }
    }

    private static List<FieldError> WithLines(IReadOnlyList<FieldError> errors, ConfigTree tree)
    {
        List<FieldError> located = [];
        foreach (FieldError error in errors)
            located.Add(error with { Line = error.Line ?? tree.LineOf(error.Path) });
        return located;
    }

    private static ConfigTree ReadJson(string text)
    {
        if (text.Length > YamlReader.CharactersMax)
            throw new ConfigSyntaxException($"the text has {text.Length} characters; at most {YamlReader.CharactersMax} are read", null);
        try
        {
            JsonDocumentOptions options = new() { MaxDepth = ApiJson.DepthMax, AllowDuplicateProperties = false };
            return new ConfigTree(JsonNode.Parse(text, documentOptions: options), new Dictionary<string, int>());
        }
        catch (JsonException e)
        {
            throw new ConfigSyntaxException($"not JSON: {e.Message}", (int?)e.LineNumber + 1, e);
        }
    }
}
