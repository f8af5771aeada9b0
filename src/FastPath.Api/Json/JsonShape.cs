using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FastPath.Api;

/// <summary>Compares a JSON value with the shape of a record and names every difference.</summary>
internal static class JsonShape
{
    // Mistakes reported of one document: enough to mend it, and an answer of bounded size to a hostile one.
    private const int ErrorsMax = 100;

    private static readonly ConcurrentDictionary<Type, Dictionary<string, JsonPropertyInfo>> s_members = new();

    /// <param name="value">What was written.</param>
    /// <param name="type">What should have been.</param>
    /// <param name="at">JSON pointer of the value.</param>
    /// <param name="errors">Takes the differences.</param>
    public static void Check(JsonElement value, JsonTypeInfo type, string at, ICollection<FieldError> errors)
    {
        if (errors.Count >= ErrorsMax)
            return;
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when Is(value, JsonValueKind.Object, "an object", at, errors):
                CheckObject(value, type, at, errors);
                break;
            case JsonTypeInfoKind.Dictionary when Is(value, JsonValueKind.Object, "an object", at, errors):
                CheckMap(value, type, at, errors);
                break;
            case JsonTypeInfoKind.Enumerable when Is(value, JsonValueKind.Array, "a list", at, errors):
                CheckList(value, type, at, errors);
                break;
            case JsonTypeInfoKind.None:
                CheckScalar(value, type.Type, at, errors);
                break;
        }
    }

    private static void CheckObject(JsonElement value, JsonTypeInfo type, string at, ICollection<FieldError> errors)
    {
        Dictionary<string, JsonPropertyInfo> members =
            s_members.GetOrAdd(type.Type, static (_, t) => MembersOf(t), type);
        HashSet<string> seen = [];
        foreach (JsonProperty property in value.EnumerateObject())
        {
            string path = at + StrictJson.Step(property.Name);
            if (!seen.Add(property.Name))
                Add(errors, path, "is given twice");
            else if (!members.TryGetValue(property.Name, out JsonPropertyInfo? member))
                Add(errors, path, $"is not known here{Nearest.Suggest(property.Name, members.Keys)}");
            else if (property.Value.ValueKind != JsonValueKind.Null)
                Check(property.Value, type.Options.GetTypeInfo(member.PropertyType), path, errors);
            else if (!member.IsSetNullable)
                Add(errors, path, "must not be null: leave it out for the default");
        }
    }

    private static void CheckMap(JsonElement value, JsonTypeInfo type, string at, ICollection<FieldError> errors)
    {
        JsonTypeInfo element = type.Options.GetTypeInfo(type.ElementType!);
        HashSet<string> seen = [];
        foreach (JsonProperty property in value.EnumerateObject())
        {
            string path = at + StrictJson.Step(property.Name);
            if (!seen.Add(property.Name))
                Add(errors, path, "is given twice");
            Check(property.Value, element, path, errors);
        }
    }

    private static void CheckList(JsonElement value, JsonTypeInfo type, string at, ICollection<FieldError> errors)
    {
        JsonTypeInfo element = type.Options.GetTypeInfo(type.ElementType!);
        int index = 0;
        foreach (JsonElement item in value.EnumerateArray())
            Check(item, element, $"{at}/{index++}", errors);
    }

    private static void CheckScalar(JsonElement value, Type type, string at, ICollection<FieldError> errors)
    {
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(string))
        {
            if (Is(value, JsonValueKind.String, "a text", at, errors))
                _ = value.GetString();     // throws on text that is not Unicode
        }
        else if (bare == typeof(bool))
        {
            if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                Add(errors, at, $"must be true or false, not {Name(value)}");
        }
        else if (bare == typeof(int))
        {
            if (value.ValueKind != JsonValueKind.Number)
                Add(errors, at, $"must be a number, not {Name(value)}");
            else if (!value.TryGetInt32(out _))
                Add(errors, at, $"must be a whole number from {int.MinValue} to {int.MaxValue}");
        }
    }

    private static bool Is(
        JsonElement value, JsonValueKind kind, string name, string at, ICollection<FieldError> errors)
    {
        if (value.ValueKind == kind)
            return true;
        Add(errors, at, $"must be {name}, not {Name(value)}");
        return false;
    }

    private static string Name(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => value.ValueKind == JsonValueKind.True ? "true" : "false",
    };

    private static void Add(ICollection<FieldError> errors, string at, string message)
    {
        if (errors.Count < ErrorsMax)
            errors.Add(new FieldError(at, message));
    }

    private static Dictionary<string, JsonPropertyInfo> MembersOf(JsonTypeInfo type)
    {
        Dictionary<string, JsonPropertyInfo> members = [];
        foreach (JsonPropertyInfo member in type.Properties)
            members[member.Name] = member;
        return members;
    }
}
