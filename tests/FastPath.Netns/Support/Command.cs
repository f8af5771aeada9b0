using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Text;
using System.Threading;

namespace FastPath.Netns.Support;

/// <summary>How a command ended.</summary>
internal sealed record CommandResult(string Line, int ExitCode, string Output, string Error)
{
    /// <summary>The result itself when the command succeeded.</summary>
    public CommandResult OrFail() =>
        ExitCode == 0 ? this : throw new CommandFailedException($"{Line}: exit status {ExitCode}\n{Output}{Error}");
}

/// <summary>A command of a test did not do what the test needs.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);

/// <summary>
/// Runs programs with arguments as a list: nothing is ever put through a shell. Every run has a time limit.
/// </summary>
internal static class Command
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Runs to the end.</summary>
    /// <exception cref="CommandFailedException">It took longer than the limit; it was killed.</exception>
    public static CommandResult Run(IReadOnlyList<string> line, TimeSpan? timeout = null)
    {
        using RunningCommand running = new(line);
        return running.Wait(timeout ?? DefaultTimeout);
    }
}

/// <summary>A program that runs beside the test. Disposing it ends it.</summary>
internal sealed class RunningCommand : IDisposable
{
    private readonly string _line;
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private bool _disposed;

    public RunningCommand(IReadOnlyList<string> line)
    {
        _line = string.Join(' ', line);
        ProcessStartInfo start = new(line[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        for (int i = 1; i < line.Count; i++)
            start.ArgumentList.Add(line[i]);
        start.Environment["LC_ALL"] = "C";
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Append(_output, e.Data);
        _process.ErrorDataReceived += (_, e) => Append(_error, e.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Its process; "ip netns exec" becomes the program it runs.</summary>
    public int Id => _process.Id;

    public bool HasExited => _disposed || _process.HasExited;

    /// <summary>What it has written to standard output up to now.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>What it has written to standard error up to now.</summary>
    public string Error
    {
        get
        {
            lock (_error)
                return _error.ToString();
        }
    }

    /// <summary>Waits until it ends by itself; kills it when it does not.</summary>
    public CommandResult Wait(TimeSpan timeout)
    {
        if (!_process.WaitForExit(timeout))
        {
            Dispose();
            throw new CommandFailedException($"{_line}: still running after {timeout.TotalSeconds} s\n{Output}{Error}");
        }

        _process.WaitForExit(); // without a limit it also waits for the last lines of output
        return new CommandResult(_line, _process.ExitCode, Output, Error);
    }

    /// <summary>Waits until the program has written a text, which says that it is ready.</summary>
    public void WaitForText(string text, TimeSpan timeout)
    {
        bool Written() =>
            Output.Contains(text, StringComparison.Ordinal) || Error.Contains(text, StringComparison.Ordinal);
        SpinWait.SpinUntil(() => Written() || HasExited, timeout);
        if (!Written())
            throw new CommandFailedException($"{_line}: did not write '{text}'\n{Output}{Error}");
    }

    /// <summary>
    /// Asks it to end (SIGTERM), as a service manager does, and waits. Not SIGINT: a shell starts background commands
    /// with it ignored, and all their children inherit that.
    /// </summary>
    public CommandResult Terminate(TimeSpan timeout)
    {
        Command.Run(["kill", "-TERM", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        return Wait(timeout);
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static void Append(StringBuilder into, string? line)
    {
        if (line == null)
            return;
        lock (into)
            into.AppendLine(line);
    }
}
