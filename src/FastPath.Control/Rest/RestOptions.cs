using System.IO;
using System.Net;
using FastPath.Api;

namespace FastPath.Control.Rest;

/// <summary>Where the REST API listens.</summary>
public sealed record RestOptions
{
    /// <summary>Path of the unix socket.</summary>
    public string SocketPath { get; init; } = FastPathEndpoint.DefaultSocket;

    /// <summary>Who may open it: everybody who may can change the switch, so owner and group only.</summary>
    public UnixFileMode SocketMode { get; init; } =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>
    /// A loopback address to listen on besides; none when null. It asks for no password: every local user can change
    /// the switch through it.
    /// </summary>
    public IPEndPoint? Loopback { get; init; }
}
