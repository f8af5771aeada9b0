using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using FastPath.Api;
using Microsoft.AspNetCore.Routing;

namespace FastPath.Control.Rest;

/// <summary>Objects that have a name of the operator's choice: members of a map in the document.</summary>
internal abstract class NamedResource<TConfig, TView> : Resource<TConfig, TView>
    where TConfig : class
    where TView : class
{
    public override string KeyTemplate => "{name}";

    public override bool TryReadKey(
        RouteValueDictionary route, out ObjectKey key, [NotNullWhen(false)] out FieldError? error)
    {
        key = new ObjectKey(Value(route, "name"));
        error = null;
        return true;
    }

    public override bool Is(TView view, ObjectKey key) => NameOf(view) == key.First;

    public override bool Exists(ConfigDocument config, ObjectKey key) => Map(config).ContainsKey(key.First);

    public override string PointerTo(ConfigDocument config, ObjectKey key) => $"/{Name}{StrictJson.Step(key.First)}";

    public override ConfigDocument With(ConfigDocument config, ObjectKey key, TConfig value) =>
        WithMap(config, new Dictionary<string, TConfig>(Map(config), StringComparer.Ordinal) { [key.First] = value });

    public override ConfigDocument Without(ConfigDocument config, ObjectKey key)
    {
        Dictionary<string, TConfig> rest = new(Map(config), StringComparer.Ordinal);
        return rest.Remove(key.First) ? WithMap(config, rest) : config;
    }

    protected abstract IReadOnlyDictionary<string, TConfig> Map(ConfigDocument config);

    protected abstract ConfigDocument WithMap(ConfigDocument config, IReadOnlyDictionary<string, TConfig> map);

    protected abstract string NameOf(TView view);
}
