using System;
using System.Collections.Generic;
using System.Text.Json.Nodes;
using FastPath.Api;

namespace FastPath.Control.Plans;

/// <summary>What has to be done to get from one configuration to another.</summary>
public static class Plan
{
    /// <summary>The changes that turn <paramref name="from"/> into <paramref name="to"/>, by path. Pure.</summary>
    public static IReadOnlyList<Change> Diff(ConfigDocument from, ConfigDocument to)
    {
        SortedDictionary<string, JsonObject> before = ConfigObjects.Of(from);
        SortedDictionary<string, JsonObject> after = ConfigObjects.Of(to);
        List<Change> changes = [];
        foreach ((string path, JsonObject old) in before)
            if (!after.ContainsKey(path))
                changes.Add(new Change(ChangeKind.Remove, path, old, null));
        foreach ((string path, JsonObject next) in after)
            if (!before.TryGetValue(path, out JsonObject? old))
                changes.Add(new Change(ChangeKind.Add, path, null, next));
            else if (!JsonNode.DeepEquals(old, next))
                changes.Add(new Change(ChangeKind.Change, path, old, next));
        changes.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return changes;
    }

    /// <summary>The document after the changes. Pure; the model that the switch is compared with.</summary>
    /// <exception cref="InvalidOperationException">A change does not fit the document.</exception>
    public static ConfigDocument Apply(ConfigDocument from, IEnumerable<Change> changes)
    {
        SortedDictionary<string, JsonObject> objects = ConfigObjects.Of(from);
        foreach (Change change in changes)
        {
            if (objects.ContainsKey(change.Path) != (change.Before != null))
                throw new InvalidOperationException($"{change} does not fit this document");
            if (change.After == null)
                objects.Remove(change.Path);
            else
                objects[change.Path] = change.After;
        }

        return ConfigObjects.ToDocument(objects);
    }
}
