namespace FastPath.Control.Views;

/// <summary>Names of members as the API writes them.</summary>
internal static class Names
{
    /// <summary>RxPackets is rxPackets.</summary>
    public static string Camel(string member) => char.ToLowerInvariant(member[0]) + member[1..];
}
