using System.Collections.Generic;
using System.CommandLine;
using FastPath.Api;

namespace FastPath.Cli;

/// <summary>Options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public const string Table = "table";
    public const string Json = "json";

    public Option<string?> Socket { get; } = new("--socket")
    {
        Description = $"Unix socket of fastpathd ({FastPathEndpoint.DefaultSocket}); or set FASTPATH_SOCKET.",
        HelpName = "PATH",
        Recursive = true,
    };

    public Option<string?> Host { get; } = new("--host")
    {
        Description = "Address of fastpathd, such as http://127.0.0.1:8080; or set FASTPATH_HOST.",
        HelpName = "URL",
        Recursive = true,
    };

    public Option<string> Format { get; } = new("--output", "-o")
    {
        Description = "For people or for programs.",
        HelpName = "table|json",
        DefaultValueFactory = _ => Table,
        Recursive = true,
    };

    public Option<bool> NoColor { get; } = new("--no-color")
    {
        Description = "Plain text; so it is also with NO_COLOR set and when the output is no terminal.",
        Recursive = true,
    };

    public void AddTo(Command root)
    {
        Format.AcceptOnlyFromAmong(Table, Json);
        root.Options.Add(Socket);
        root.Options.Add(Host);
        root.Options.Add(Format);
        root.Options.Add(NoColor);
    }

    /// <summary>
    /// Which fastpathd to ask: an option says it, else FASTPATH_SOCKET, else FASTPATH_HOST, else it is the usual socket.
    /// </summary>
    public FastPathEndpoint EndpointOf(ParseResult line, Terminal terminal)
    {
        if (line.GetValue(Socket) != null && line.GetValue(Host) != null)
            throw new UsageException("give --socket or --host, not both");
        if (line.GetValue(Socket) is { } socket)
            return FastPathEndpoint.Socket(socket);
        string? host = line.GetValue(Host);
        if (host == null && terminal.Environment.TryGetValue("FASTPATH_SOCKET", out string? path))
            return FastPathEndpoint.Socket(path);
        host ??= terminal.Environment.GetValueOrDefault("FASTPATH_HOST");
        if (host == null)
            return FastPathEndpoint.Socket(FastPathEndpoint.DefaultSocket);
        if (host.StartsWith('/'))
            return FastPathEndpoint.Socket(host);
        return FastPathEndpoint.TryHost(host, out FastPathEndpoint? endpoint)
            ? endpoint
            : throw new UsageException($"\"{host}\" is no address: write http://127.0.0.1:8080 or a socket's path");
    }
}
