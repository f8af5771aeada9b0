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

    /// <summary>A prefix as a path writes it: "~" in place of the slash.</summary>
    public static string OfRoute(string? prefix) => Of("routes", prefix?.Replace('/', '~'));
}
