using System.Collections.Generic;
using FastPath.Control.Plans;

namespace FastPath.Control.Daemon;

/// <summary>The sentence that the start and every later change of readiness is told by.</summary>
internal static class Readiness
{
    /// <summary>"ready: WHAT" only when everything works: whoever started the daemon waits for it.</summary>
    /// <param name="reasons">Why not everything works; none when it does.</param>
    /// <param name="what">What is or is not ready, when more is told of it.</param>
    public static string Describe(IReadOnlyCollection<string> reasons, string what = "")
    {
        string state = reasons.Count == 0 ? "ready" : "ready, but degraded";
        string why = reasons.Count == 0 ? "" : NameList.Of(reasons);
        string more = what.Length != 0 && why.Length != 0 ? $"{what}; {why}" : what + why;
        return more.Length == 0 ? state : $"{state}: {more}";
    }
}
