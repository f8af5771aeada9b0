using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using FastPath.Api;

namespace FastPath.Control.Config;

/// <summary>Text to <see cref="ConfigDocument"/>: YAML, or JSON when the first character is a brace.</summary>
public static class ConfigReader
{
    private const string NotUnicode = "a text in it is not valid Unicode";

    /// <summary>Reads a configuration. Whether it makes sense is the validator's business.</summary>
    /// <exception cref="InvalidConfigException">Not YAML or JSON, unknown names or wrong types: all of them.</exception>
    public static ConfigDocument Read(string text) => Read(text, out _);

    /// <inheritdoc cref="Read(string)"/>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="located">Adds to errors of the document read, such as the validator's, the lines they stand in.</param>
    internal static ConfigDocument Read(
        string text, out Func<IReadOnlyList<FieldError>, IReadOnlyList<FieldError>> located)
    {
        ConfigTree tree = Parse(text);
        located = errors => WithLines(errors, tree);
        return Bind(tree);
    }

    /// <summary>Reads and validates; errors of both name the line they stand in.</summary>
    /// <exception cref="InvalidConfigException">Every error.</exception>
    public static ConfigDocument ReadValid(string text)
    {
        ConfigDocument document = Read(text, out Func<IReadOnlyList<FieldError>, IReadOnlyList<FieldError>> located);
        IReadOnlyList<FieldError> errors = Validator.Check(document, out _);
        return errors.Count == 0 ? document : throw new InvalidConfigException(located(errors));
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
        // An empty text is a failed export or a lost file far more often than the wish to remove everything.
        if (tree.Root == null)
            throw new InvalidConfigException([new FieldError("", "is empty: write {} to remove everything", 1)]);
        if (tree.Root is not JsonObject root)
            throw new InvalidConfigException([new FieldError("", "must be an object with ports, bridges and so on", 1)]);
        List<FieldError> errors = [];
        ConfigDocument? document = StrictJson.Read<ConfigDocument>(ToElement(root, tree.EmptyIsDefault), "", errors);
        return document ?? throw new InvalidConfigException(WithLines(errors, tree));
    }

    private static JsonElement ToElement(JsonObject root, bool emptyIsDefault)
    {
        try
        {
            if (emptyIsDefault)
                TakeEmptyAsDefault(root, ApiJson.Strict.TypeOf<ConfigDocument>());
            return JsonSerializer.SerializeToElement(root);
        }
        catch (Exception e) when (e is InvalidOperationException || e.InnerException is InvalidOperationException)
        {
            // JsonNode turns texts into strings when it is first asked for them, not when it parses.
            throw new InvalidConfigException([new FieldError("", NotUnicode)]);
        }
    }

    /// <summary>
    /// An empty value counts as not written: "mtu:" is the default, "bridges: {blue: }" a bridge that is all defaults. Names
    /// that are not known stay, for they are errors.
    /// </summary>
    private static void TakeEmptyAsDefault(JsonNode? node, JsonTypeInfo type)
    {
        if (node is JsonObject json && type.Kind == JsonTypeInfoKind.Object)
        {
            foreach (JsonPropertyInfo property in type.Properties)
                if (!json.TryGetPropertyValue(property.Name, out JsonNode? value))
                    continue;
                else if (value is null)
                    json.Remove(property.Name);
                else
                    TakeEmptyAsDefault(value, type.Options.GetTypeInfo(property.PropertyType));
        }
        else if (node is JsonObject named && type.Kind == JsonTypeInfoKind.Dictionary)
        {
            JsonTypeInfo element = type.Options.GetTypeInfo(type.ElementType!);
            foreach ((string name, JsonNode? value) in (List<KeyValuePair<string, JsonNode?>>)[.. named])
            {
                if (value is null && element.Kind == JsonTypeInfoKind.Object)
                    named[name] = new JsonObject();
                TakeEmptyAsDefault(value, element);
            }
        }
        else if (node is JsonArray array && type.Kind == JsonTypeInfoKind.Enumerable)
        {
            foreach (JsonNode? item in array)
                TakeEmptyAsDefault(item, type.Options.GetTypeInfo(type.ElementType!));
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
            return new ConfigTree(JsonNode.Parse(text, documentOptions: options), new Dictionary<string, int>(), EmptyIsDefault: false);
        }
        catch (InvalidOperationException e)
        {
            // Names are compared with each other as it parses: half of a surrogate pair has no string.
            throw new ConfigSyntaxException(NotUnicode, null, e);
        }
        catch (JsonException e)
        {
            throw new ConfigSyntaxException($"not JSON: {StrictJson.Sentence(e)}", (int?)e.LineNumber + 1, e);
        }
    }
}
