using System.Collections.Generic;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace FastPath.Control.Rest;

/// <summary>
/// What a change depends on: If-Match with the revision that the client read ("7"), or with "*" for an object that
/// exists; If-None-Match with "*" for one that does not (RFC 9110 13.1).
/// </summary>
/// <param name="Revision">The revision must be this one; null when it may be any.</param>
/// <param name="MustExist">If-Match: * was given.</param>
/// <param name="MustNotExist">If-None-Match: * was given.</param>
internal readonly record struct Preconditions(long? Revision, bool MustExist, bool MustNotExist)
{
    /// <summary>Reads the headers of a change.</summary>
    /// <param name="current">Revision in force; one of several tags in If-Match may name it.</param>
    public static bool TryRead(HttpRequest request, long current, out Preconditions result, out string error)
    {
        error = "";
        StringValues none = request.Headers.IfNoneMatch;
        StringValues match = request.Headers.IfMatch;
        result = new Preconditions(null, MustExist: match == "*", MustNotExist: none == "*");
        if (none.Count > 0 && none != "*")
            error = "If-None-Match of a change can only be *";
        else if (match.Count == 0 || match == "*")
            return true;
        else if (EntityTagHeaderValue.TryParseStrictList(match, out IList<EntityTagHeaderValue>? tags))
            result = result with { Revision = Expected(tags, current) };
        else
            error = "If-Match is no list of entity tags: send the ETag of an earlier answer, with its quotes";
        return error.Length == 0;
    }

    /// <summary>A revision as an entity tag.</summary>
    public static string Tag(long revision) => string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"");

    // The current revision when a tag names it; else one that cannot be current, so that the change is refused.
    private static long Expected(IList<EntityTagHeaderValue> tags, long current)
    {
        string tag = Tag(current);
        foreach (EntityTagHeaderValue candidate in tags)
            if (!candidate.IsWeak && candidate.Tag == tag)
                return current;
        return -1;
    }
}
