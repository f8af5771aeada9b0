using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FastPath.Api;

namespace FastPath.Control.Plans;

/// <summary>
/// A document as a flat set of objects, each under the path that is its identity across changes: ports/web1,
/// routes/10.0.0.0~18, fdb/blue/02:00:00:00:00:01, neighbors/blue/10.0.0.9, system, punt.
/// </summary>
internal static class ConfigObjects
{
    private static readonly string[] s_named = ["ports", "uplinks", "vteps", "bridges"];
    private static readonly string[] s_single = ["system", "punt"];

    /// <summary>Objects by path, in the order of their paths.</summary>
    public static SortedDictionary<string, JsonObject> Of(ConfigDocument document)
    {
        SortedDictionary<string, JsonObject> objects = new(StringComparer.Ordinal);
        JsonObject root = JsonSerializer.SerializeToNode(document, ApiJson.Strict.TypeOf<ConfigDocument>())!.AsObject();
        foreach (string kind in s_named)
            foreach ((string name, JsonNode? value) in root[kind]!.AsObject())
                objects[$"{kind}/{name}"] = value!.AsObject();
        foreach (string kind in s_single)
            if (root[kind] is JsonObject single)
                objects[kind] = single;
        AddList(objects, root, "fdb", entry => $"{entry["bridge"]}/{entry["mac"]}");
        AddList(objects, root, "routes", route => $"{route["prefix"]}".Replace('/', '~'));
        AddList(objects, root, "neighbors", neighbor => $"{neighbor["interface"]}/{neighbor["address"]}");
        return objects;
    }

    /// <summary>The object that a JSON pointer, such as that of a field error, points at or into.</summary>
    public static string PathAt(ConfigDocument document, string pointer)
    {
        string[] steps = pointer.Split('/');
        string kind = steps.Length > 1 ? steps[1] : "";
        if (steps.Length < 3 || Array.IndexOf(s_single, kind) >= 0)
            return kind.Length > 0 ? kind : "configuration";
        string name = steps[2].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        bool isItem = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index);
        return kind switch
        {
            "fdb" when isItem => $"fdb/{document.Fdb[index].Bridge}/{document.Fdb[index].Mac}",
            "routes" when isItem => $"routes/{document.Routes[index].Prefix.Replace('/', '~')}",
            "neighbors" when isItem => $"neighbors/{document.Neighbors[index].Interface}/{document.Neighbors[index].Address}",
            _ => $"{kind}/{name}",
        };
    }

    /// <summary>The document that consists of these objects.</summary>
    public static ConfigDocument ToDocument(SortedDictionary<string, JsonObject> objects)
    {
        JsonObject root = [];
        foreach ((string path, JsonObject value) in objects)
        {
            string[] steps = path.Split('/', 2);
            string kind = steps[0];
            if (steps.Length == 1)
                root[kind] = value.DeepClone();
            else if (Array.IndexOf(s_named, kind) >= 0)
                (root[kind] ??= new JsonObject())[steps[1]] = value.DeepClone();
            else
                (root[kind] ??= new JsonArray()).AsArray().Add(value.DeepClone());
        }

        return root.Deserialize(ApiJson.Strict.TypeOf<ConfigDocument>())!;
    }

    private static void AddList(
        SortedDictionary<string, JsonObject> objects, JsonObject root, string kind, Func<JsonObject, string> identity)
    {
        foreach (JsonNode? item in root[kind]!.AsArray())
            objects[$"{kind}/{identity(item!.AsObject())}"] = item.AsObject();
    }
}
