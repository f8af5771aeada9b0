using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net.Http;
using System.Text.Json;
using System.Threading.Tasks;
using FastPath.Api;
using FastPath.Cli.Commands;
using FastPath.Cli.Output;

namespace FastPath.Cli;

/// <summary>The command line: which commands there are, and what their failures look like.</summary>
internal static class FastPathCommand
{
    /// <summary>Runs a command line.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> Run(string[] arguments, Terminal terminal)
    {
        GlobalOptions options = new();
        ParseResult line = Create(options, terminal).Parse(arguments);
        if (line.Errors.Count > 0)
        {
            foreach (ParseError error in line.Errors)
                await terminal.Error.WriteLineAsync($"fastpath: {error.Message}");
            await terminal.Error.WriteLineAsync("Try 'fastpath --help'.");
            return ExitCode.Usage;
        }

        InvocationConfiguration invocation = new()
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            return await line.InvokeAsync(invocation);
        }
        catch (Exception e) when (Explain(e, options, line, terminal) is { } code)
        {
            return code;
        }
    }

    private static RootCommand Create(GlobalOptions options, Terminal terminal)
    {
        RootCommand root = new("Shows and programs a FastPath switch.");
        options.AddTo(root);
        Commands.Commands commands = new(options, terminal);
        ShowCommands.AddTo(root, commands);
        ConfigCommands.AddTo(root, commands);
        ObjectCommands.AddTo(root, commands);
        NetworkCommands.AddTo(root, commands);
        PortCommands.AddTo(root, commands);
        WaitCommand.AddTo(root, commands);
        CompletionCommand.AddTo(root, commands);
        return root;
    }

    // The exit code for a failure that is explained here; null for a fault of ours, which goes on as an exception.
    private static int? Explain(Exception exception, GlobalOptions options, ParseResult line, Terminal terminal)
    {
        switch (exception)
        {
            case FastPathException refused:
                WriteProblem(refused.Problem, terminal, line.GetValue(options.Format) == GlobalOptions.Json);
                return ExitCode.Of(refused.Problem);
            case UsageException:
                terminal.Error.WriteLine($"fastpath: {exception.Message}");
                return ExitCode.Usage;
            case HttpRequestException or TaskCanceledException:
                string reason = Failures.Unreachable(options.EndpointOf(line, terminal), exception);
                terminal.Error.WriteLine($"fastpath: {reason}");
                return ExitCode.Error;
            case JsonException:
                terminal.Error.WriteLine($"fastpath: the answer cannot be read: {exception.Message}");
                return ExitCode.Error;
            default:
                return null;
        }
    }

    private static void WriteProblem(Problem problem, Terminal terminal, bool isJson)
    {
        if (isJson)
            JsonText.Write(terminal.Error, problem);
        else
            terminal.Error.WriteLine(Failures.Refused(problem));
    }
}
