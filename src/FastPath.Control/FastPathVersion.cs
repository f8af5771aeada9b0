using System.Reflection;

namespace FastPath.Control;

/// <summary>Version of this build, with the commit where the build knew it.</summary>
internal static class FastPathVersion
{
    public static string Text { get; } =
        typeof(FastPathVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
