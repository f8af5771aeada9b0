using FastPath.Net;

namespace FastPath.Control.Switch;

/// <summary>Names of what has a number in the port table.</summary>
internal static class Keys
{
    /// <summary>The veth between host and FastPath.</summary>
    public const string Punt = "punt";

    public static string Port(string name) => "ports/" + name;

    public static string Uplink(string name) => "uplinks/" + name;

    /// <summary>A bridge's routed interface.</summary>
    public static string Gateway(string bridge) => "gateways/" + bridge;

    public static string Tunnel(string bridge, Ip4Address remote) => $"tunnels/{bridge}/{remote}";

    /// <summary>The last step: what people call it.</summary>
    public static string NameOf(string key) => key[(key.IndexOf('/', System.StringComparison.Ordinal) + 1)..];
}
