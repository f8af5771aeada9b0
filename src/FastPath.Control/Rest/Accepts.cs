using System;
using System.Collections.Generic;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FastPath.Control.Rest;

/// <summary>Chooses among the representations of one resource by the request's Accept (RFC 9110 12.5.1).</summary>
internal static class Accepts
{
    /// <summary>The offer that the client likes best, the first of equals; null when it takes none.</summary>
    public static string? Choose(HttpRequest request, params ReadOnlySpan<string> offers)
    {
        if (request.Headers.Accept.Count == 0
            || !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out IList<MediaTypeHeaderValue>? ranges))
            return offers[0];
        string? best = null;
        double bestQuality = 0;
        foreach (string offer in offers)
        {
            double quality = QualityOf(new MediaTypeHeaderValue(offer), ranges);
            if (quality > bestQuality)
                (best, bestQuality) = (offer, quality);
        }

        return best;
    }

    // The most specific range decides: "text/*;q=0.1, */*" likes JSON more than text.
    private static double QualityOf(MediaTypeHeaderValue offer, IList<MediaTypeHeaderValue> ranges)
    {
        double quality = 0;
        int bestSpecificity = -1;
        foreach (MediaTypeHeaderValue range in ranges)
        {
            int specificity = range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;
            if (specificity <= bestSpecificity || !offer.IsSubsetOf(range))
                continue;
            bestSpecificity = specificity;
            quality = range.Quality ?? 1;
        }

        return quality;
    }
}
