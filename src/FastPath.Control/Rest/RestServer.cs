using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FastPath.Control.Rest;

/// <summary>
/// The web server of fastpathd: a unix socket, and a loopback address by option. It reads nothing but its options: no
/// environment variable and no settings file can make it listen elsewhere.
/// </summary>
public sealed class RestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RestServer(WebApplication app) => _app = app;

    /// <summary>Starts listening.</summary>
    /// <param name="controller">What the API shows and changes.</param>
    /// <param name="options">Where to listen.</param>
    /// <param name="logging">Takes faults.</param>
    /// <param name="cancel">Gives up starting.</param>
    /// <exception cref="ArgumentException">The address for TCP is not a loopback one.</exception>
    /// <exception cref="IOException">
    /// Another daemon answers at the socket's path, the path is too long, or the address is in use or not allowed.
    /// </exception>
    public static async Task<RestServer> Start(
        IController controller, RestOptions options, ILoggerFactory logging, CancellationToken cancel = default)
    {
        if (options.Loopback is { } address && !IPAddress.IsLoopback(address.Address))
            throw new ArgumentException(
                $"{address} is no loopback address: the API has no passwords, so it is served on this host only",
                nameof(options));

        UnixSocketFile.CheckPath(options.SocketPath);
        WebApplicationOptions application = new() { ApplicationName = "fastpathd" };
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(application);
        builder.Services.AddSingleton(logging);
        builder.Services.AddRestApi();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Services.Configure<SocketTransportOptions>(
            sockets => sockets.CreateBoundListenSocket = endPoint => Bind(endPoint, options));

        WebApplication app = builder.Build();
        RestApi.Map(app, controller);
        try
        {
            await app.StartAsync(cancel);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new RestServer(app);
    }

    /// <summary>Lets running requests end, then closes the sockets and removes the socket's file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static void Listen(KestrelServerOptions kestrel, RestOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = RequestBody.ConfigBytesMax;
        kestrel.ListenUnixSocket(options.SocketPath, listen => listen.Protocols = HttpProtocols.Http1);
        if (options.Loopback is { } address)
            kestrel.Listen(address, listen => listen.Protocols = HttpProtocols.Http1);
    }

    private static Socket Bind(EndPoint endPoint, RestOptions options) => endPoint is UnixDomainSocketEndPoint unix
        ? UnixSocketFile.Bind(unix, options.SocketPath, options.SocketMode)
        : BindLoopback(endPoint);

    private static Socket BindLoopback(EndPoint endPoint)
    {
        try
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
        }
        catch (SocketException e)
        {
            throw new IOException($"listening on {endPoint}: {e.Message}", e); // in use, or a port below 1024 without privilege
        }
    }
}
