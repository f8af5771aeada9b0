using System;
using System.Collections.Generic;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace FastPath.Control.Rest;

/// <summary>
/// What a change depends on: If-Match with the tag that the client read ("1f3a90c2-7"), or with "*" for an object that
/// exists; If-None-Match with "*" for one that does not (RFC 9110 13.1).
/// </summary>
/// <remarks>
/// Revisions count from 1 at each start, so a tag names the start as well: what was kept from before a restart matches
/// nothing. A bare "7" is the revision that a person read in a body, whatever the start.
/// </remarks>
/// <param name="Revision">The revision must be this one; null when it may be any.</param>
/// <param name="MustExist">If-Match: * was given.</param>
/// <param name="MustNotExist">If-None-Match: * was given.</param>
/// <param name="Sent">If-Match as it came, for sentences; cut when it is long.</param>
internal readonly record struct Preconditions(long? Revision, bool MustExist, bool MustNotExist, string Sent)
{
    private const int SentCharactersMax = 80;

    // Random, by getrandom: classes of cryptography would load OpenSSL for it.
    private static readonly string s_start = $"{Guid.NewGuid():N}"[..8];

    /// <summary>Reads the headers of a change.</summary>
    /// <param name="current">Revision in force; one of several tags in If-Match may name it.</param>
    public static bool TryRead(HttpRequest request, long current, out Preconditions result, out string error)
    {
        error = "";
        StringValues none = request.Headers.IfNoneMatch;
        StringValues match = request.Headers.IfMatch;
        result = new Preconditions(null, MustExist: match == "*", MustNotExist: none == "*", Shortened($"{match}"));
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

    /// <summary>A revision of this start as an entity tag.</summary>
    public static string Tag(long revision) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{s_start}-{revision}\"");

    /// <summary>Why a change was refused, with what was sent and what would have matched.</summary>
    public string Mismatch(long current) => string.Create(CultureInfo.InvariantCulture,
        $"the configuration is at {Tag(current)} (revision {current}), not at {Sent}: read it again and repeat the change");

    private static string Shortened(string sent) =>
        sent.Length <= SentCharactersMax ? sent : string.Concat(sent.AsSpan(0, SentCharactersMax), "...");

    // The current revision when a tag names it; else one that cannot be current, so that the change is refused.
    private static long Expected(IList<EntityTagHeaderValue> tags, long current)
    {
        string tag = Tag(current);
        string bare = string.Create(CultureInfo.InvariantCulture, $"\"{current}\"");
        foreach (EntityTagHeaderValue candidate in tags)
            if (!candidate.IsWeak && (candidate.Tag == tag || candidate.Tag == bare))
                return current;
        return -1;
    }
}
