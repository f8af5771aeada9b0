using System.Collections.Generic;
using FastPath.Api;

namespace FastPath.Control.Rest;

/// <summary>Objects that are known by their own fields: entries of a list in the document.</summary>
internal abstract class ListedResource<TConfig, TView> : Resource<TConfig, TView>
    where TConfig : class
    where TView : class
{
    public override bool Is(TView view, ObjectKey key) => KeyOf(view) == key;

    public override bool Exists(ConfigDocument config, ObjectKey key) => IndexOf(config, key) >= 0;

    public override string PointerTo(ConfigDocument config, ObjectKey key)
    {
        int index = IndexOf(config, key);
        return $"/{Name}/{(index < 0 ? List(config).Count : index)}";
    }

    public override ConfigDocument With(ConfigDocument config, ObjectKey key, TConfig value)
    {
        List<TConfig> list = [.. List(config)];
        int index = IndexOf(config, key);
        if (index < 0)
            list.Add(value);
        else
            list[index] = value;
        return WithList(config, list);
    }

    public override ConfigDocument Without(ConfigDocument config, ObjectKey key)
    {
        int index = IndexOf(config, key);
        if (index < 0)
            return config;
        List<TConfig> list = [.. List(config)];
        list.RemoveAt(index);
        return WithList(config, list);
    }

    public override TConfig Complete(TConfig sent, ObjectKey key) => Fill(sent, key);

    public override bool Contradicts(TConfig sent, ObjectKey key) => KeyOf(Fill(sent, key)) != key;

    /// <summary>The object with the parts of its key that it left out.</summary>
    protected abstract TConfig Fill(TConfig sent, ObjectKey key);

    protected static string Or(string sent, string key) => sent.Length > 0 ? sent : key;

    protected abstract IReadOnlyList<TConfig> List(ConfigDocument config);

    protected abstract ConfigDocument WithList(ConfigDocument config, IReadOnlyList<TConfig> list);

    protected abstract ObjectKey KeyOf(TConfig config);

    protected abstract ObjectKey KeyOf(TView view);

    private int IndexOf(ConfigDocument config, ObjectKey key)
    {
        IReadOnlyList<TConfig> list = List(config);
        for (int index = 0; index < list.Count; index++)
            if (KeyOf(list[index]) == key)
                return index;
        return -1;
    }
}
