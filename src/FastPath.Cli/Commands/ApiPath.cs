using System;

namespace FastPath.Cli.Commands;

/// <summary>Paths of objects in the API.</summary>
internal static class ApiPath
{
    public static string Of(string resource, params ReadOnlySpan<string?> keys)
    {
        string path = resource;
        foreach (string? key in keys)
            path += "/" + Uri.EscapeDataString(key ?? "");
        return path;
    }

    /// <summary>A path as somebody wrote it: with a slash before it, or with all that stands before it in a URL's path.</summary>
    public static string Written(string path)
    {
        string relative = path.TrimStart('/');
        if (relative.StartsWith("api/v1/", StringComparison.Ordinal))
            relative = relative["api/v1/".Length..].TrimStart('/');
        string[] steps = relative.Split('?')[0].Split('/');
        return steps is ["routes", var network, var length]
            ? throw new UsageException($"\"{path}\" has a slash in the prefix: write routes/{network}~{length}")
            : relative;
    }

    /// <summary>A prefix as a path writes it: "~" in place of the slash.</summary>
    public static string OfRoute(string? prefix) => Of("routes", prefix?.Replace('/', '~'));
}
