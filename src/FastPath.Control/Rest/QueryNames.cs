using System;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace FastPath.Control.Rest;

/// <summary>
/// The query parameters an endpoint knows. Others are refused: a misspelt dryRun that is ignored would change the
/// switch.
/// </summary>
internal sealed class QueryNames(params string[] names)
{
    public const string DryRun = "dryRun";

    public string[] Names { get; } = names;

    public static Task Run(HttpContext http, RequestDelegate next)
    {
        QueryNames? known = http.GetEndpoint()?.Metadata.GetMetadata<QueryNames>();
        if (known == null || !http.Request.QueryString.HasValue)
            return next(http);
        foreach ((string name, StringValues values) in http.Request.Query)
        {
            if (Array.FindIndex(known.Names, n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) < 0)
                return Refuse(http, $"there is no parameter {name} here; known are: {string.Join(", ", known.Names)}");
            if (values.Count != 1)
                return Refuse(http, $"query parameter {name} is given {values.Count} times");
            if (name.Equals(DryRun, StringComparison.OrdinalIgnoreCase) && values[0] is not ("true" or "false"))
                return Refuse(http, $"{DryRun} is true or false, not \"{values[0]}\"");
        }

        return next(http);
    }

    /// <summary>Whether the client only asks what would change; <see cref="Run"/> has checked the value.</summary>
    public static bool IsDryRun(HttpRequest request) => request.Query[DryRun] == "true";

    private static Task Refuse(HttpContext http, string detail) => Problems.Write(http, ProblemKind.Malformed, detail);
}
