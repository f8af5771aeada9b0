using System;
using System.CommandLine;
using System.Diagnostics;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using FastPath.Api;
using FastPath.Cli.Output;

namespace FastPath.Cli.Commands;

/// <summary>wait-ready: for scripts that start fastpathd.</summary>
internal static class WaitCommand
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    public static void AddTo(Command root, Commands commands)
    {
        Option<double> timeout = Commands.ValueOption<double>("--timeout", "SECONDS", "Give up after (30).");
        timeout.DefaultValueFactory = _ => 30;
        Command command = commands.Make("wait-ready", "Waits until fastpathd forwards as configured.",
            (session, line, cancel) => Run(session, TimeSpan.FromSeconds(line.GetValue(timeout)), cancel));
        command.Options.Add(timeout);
        root.Subcommands.Add(command);
    }

    private static async Task<int> Run(Session session, TimeSpan timeout, CancellationToken cancel)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            string reason = await Reason(session, cancel);
            if (reason.Length == 0)
                return ExitCode.Ok;
            if (Stopwatch.GetElapsedTime(start) >= timeout)
            {
                await session.Terminal.Error.WriteLineAsync($"fastpath: not ready: {reason}");
                return ExitCode.Error;
            }

            await Task.Delay(s_pause, cancel);
        }
    }

    // Why it is not ready; empty when it is.
    private static async Task<string> Reason(Session session, CancellationToken cancel)
    {
        try
        {
            ReadyView view = await session.Client.Ready(cancel);
            return view.State == SystemStates.Ready ? "" : string.Join("; ", [view.State, .. view.Reasons]);
        }
        catch (HttpRequestException e)
        {
            return Failures.Unreachable(session.Endpoint, e);
        }
    }
}
