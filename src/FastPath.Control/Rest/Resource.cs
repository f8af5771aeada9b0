using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using FastPath.Api;
using Microsoft.AspNetCore.Routing;

namespace FastPath.Control.Rest;

/// <summary>
/// One kind of object: where it stands in the configuration and how it is shown.
/// <see cref="ResourceEndpoints{TConfig, TView}"/> makes GET, PUT and DELETE of it; a change is always a change of the
/// whole document (one model, three doors).
/// </summary>
internal abstract class Resource<TConfig, TView>
    where TConfig : class
    where TView : class
{
    /// <summary>Member of the document and first part of the path: "ports".</summary>
    public abstract string Name { get; }

    /// <summary>One of them, for sentences: "port".</summary>
    public abstract string Singular { get; }

    /// <summary>Rest of the path: "{name}", "{bridge}/{mac}".</summary>
    public abstract string KeyTemplate { get; }

    /// <summary>Query parameters of the list that filter it.</summary>
    public virtual string[] Filters => [];

    /// <summary>Reads the key in a path.</summary>
    public abstract bool TryReadKey(
        RouteValueDictionary route, out ObjectKey key, [NotNullWhen(false)] out FieldError? error);

    public abstract IReadOnlyList<TView> Views(IController controller);

    public abstract bool Is(TView view, ObjectKey key);

    /// <summary>Whether a filter of the list lets an object through.</summary>
    public virtual bool Matches(TView view, string filter, string value) => true;

    public abstract bool Exists(ConfigDocument config, ObjectKey key);

    /// <summary>JSON pointer of the object in the document, of where it will be when it is new.</summary>
    public abstract string PointerTo(ConfigDocument config, ObjectKey key);

    /// <summary>The document with the object, in place of the one with this key.</summary>
    public abstract ConfigDocument With(ConfigDocument config, ObjectKey key, TConfig value);

    /// <summary>The document without the object; the same one when it is not there.</summary>
    public abstract ConfigDocument Without(ConfigDocument config, ObjectKey key);

    /// <summary>What was sent, with the parts of its key that it left to the path.</summary>
    public virtual TConfig Complete(TConfig sent, ObjectKey key) => sent;

    /// <summary>Whether what was sent says itself what it is, and something else than the path.</summary>
    public virtual bool Contradicts(TConfig sent, ObjectKey key) => false;

    /// <summary>A value of the path; routing guarantees that it is there.</summary>
    protected static string Value(RouteValueDictionary route, string name) => (string)route[name]!;
}
