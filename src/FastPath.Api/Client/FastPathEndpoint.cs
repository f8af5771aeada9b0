using System;
using System.Diagnostics.CodeAnalysis;
using System.Net.Http;
using System.Net.Sockets;

namespace FastPath.Api;

/// <summary>Where a fastpathd listens: a unix socket's path, or a loopback address.</summary>
public sealed record FastPathEndpoint
{
    /// <summary>Where fastpathd listens unless told otherwise.</summary>
    public const string DefaultSocket = "/run/fastpath/api.sock";

    private FastPathEndpoint(string? socketPath, Uri address)
    {
        SocketPath = socketPath;
        Address = address;
    }

    /// <summary>Path of the socket; null for TCP.</summary>
    public string? SocketPath { get; }

    /// <summary>Base address of requests.</summary>
    public Uri Address { get; }

    public static FastPathEndpoint Socket(string path) => new(path, new Uri("http://localhost/"));

    /// <summary>Reads http://127.0.0.1:8080 and the like.</summary>
    public static bool TryHost(string text, [NotNullWhen(true)] out FastPathEndpoint? endpoint)
    {
        bool isHttp = Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttp;
        endpoint = isHttp ? new FastPathEndpoint(null, address!) : null;
        return isHttp;
    }

    public override string ToString() => SocketPath ?? Address.ToString();

    /// <summary>Opens connections to it.</summary>
    public SocketsHttpHandler CreateHandler()
    {
        SocketsHttpHandler handler = new() { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        if (SocketPath is not { } path)
            return handler;
        handler.ConnectCallback = async (_, cancel) =>
        {
            System.Net.Sockets.Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
        return handler;
    }
}
