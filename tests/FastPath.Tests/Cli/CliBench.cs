using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using FastPath.Cli;
using FastPath.Tests.Control.Rest;

namespace FastPath.Tests.Cli;

/// <summary>The command line against a REST API over a fake controller.</summary>
public sealed class CliBench : IAsyncDisposable
{
    private RestBench _rest = null!;

    internal FakeController Controller => _rest.Controller;

    public string SocketPath => _rest.SocketPath;

    public static async Task<CliBench> Start() => new() { _rest = await RestBench.Start() };

    /// <summary>Runs a command line given as words.</summary>
    public Task<Run> Do(params string[] arguments) => Feed("", arguments);

    /// <summary>Runs it with a text on standard input.</summary>
    public Task<Run> Feed(string input, params string[] arguments) =>
        Execute(input, 10_000, false, [], ["--socket", SocketPath, .. arguments]);

    /// <summary>Runs it for somebody who looks at a terminal.</summary>
    public Task<Run> Look(int width, (string Name, string Value)[] environment, params string[] arguments) =>
        Execute("", width, true, environment, ["--socket", SocketPath, .. arguments]);

    public static async Task<Run> Execute(
        string input, int width, bool isInteractive, (string Name, string Value)[] environment, string[] arguments)
    {
        await using StringWriter output = new();
        await using StringWriter error = new();
        Dictionary<string, string> variables = [];
        foreach ((string name, string value) in environment)
            variables[name] = value;
        using Terminal terminal = new(new MemoryStream(Encoding.UTF8.GetBytes(input)), output, error)
        {
            Width = width,
            IsInteractive = isInteractive,
            Environment = variables,
        };
        int code = await FastPathCommand.Run(arguments, terminal);
        return new Run(code, output.ToString(), error.ToString());
    }

    public ValueTask DisposeAsync() => _rest.DisposeAsync();
}

/// <summary>How a command ended.</summary>
public sealed record Run(int Code, string Output, string Error)
{
    /// <summary>Lines without the blanks that pad columns.</summary>
    public string[] Lines
    {
        get
        {
            string[] lines = Output.TrimEnd('\n').Split('\n');
            for (int n = 0; n < lines.Length; n++)
                lines[n] = lines[n].TrimEnd();
            return lines;
        }
    }
}
