using System;
using System.CommandLine;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FastPath.Api;
using FastPath.Cli.Output;

namespace FastPath.Cli;

/// <summary>One run of a command: the daemon it talks to and where its answer goes.</summary>
internal sealed class Session(FastPathEndpoint endpoint, Terminal terminal, bool isJson, bool hasColor) : IDisposable
{
    public FastPathEndpoint Endpoint { get; } = endpoint;

    public FastPathClient Client { get; } = new(endpoint);

    public Terminal Terminal { get; } = terminal;

    /// <summary>Whether a program reads the output.</summary>
    public bool IsJson { get; } = isJson;

    public Screen Screen { get; } = new(terminal, hasColor);

    public static Session Open(GlobalOptions options, ParseResult line, Terminal terminal)
    {
        bool hasColor = terminal.IsInteractive && !line.GetValue(options.NoColor)
            && !terminal.Environment.ContainsKey("NO_COLOR")
            && (!terminal.Environment.TryGetValue("TERM", out string? kind) || kind != "dumb");
        return new Session(options.EndpointOf(line, terminal), terminal,
            line.GetValue(options.Format) == GlobalOptions.Json, hasColor);
    }

    /// <summary>Writes a resource as the daemon sent it, indented.</summary>
    public async Task WriteJson(string path, CancellationToken cancel) =>
        JsonText.Write(Terminal.Output, await Client.Text(path, "application/json", cancel));

    /// <summary>Reads a file, or standard input when it is named "-".</summary>
    public async Task<byte[]> ReadFile(string path, CancellationToken cancel)
    {
        try
        {
            if (path != "-")
                return await File.ReadAllBytesAsync(path, cancel);
            using MemoryStream bytes = new();
            await Terminal.Input.CopyToAsync(bytes, cancel);
            return bytes.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: {e.Message}");
        }
    }

    public void Dispose() => Client.Dispose();
}
