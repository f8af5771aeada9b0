using System;
using System.Collections.Generic;
using System.IO;

namespace FastPath.Cli;

/// <summary>Where a run reads and writes: the process's streams, or a test's.</summary>
internal sealed class Terminal(Stream input, TextWriter output, TextWriter error) : IDisposable
{
    // Wide enough that no line is broken where nobody looks: a line of a table is one line for grep.
    private const int UnboundedWidth = 10_000;

    public Stream Input { get; } = input;

    public TextWriter Output { get; } = output;

    public TextWriter Error { get; } = error;

    /// <summary>Whether a person looks at the output.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Columns of the output.</summary>
    public int Width { get; init; } = UnboundedWidth;

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public static Terminal OfProcess()
    {
        bool isInteractive = !Console.IsOutputRedirected;
        Dictionary<string, string> environment = [];
        foreach (string name in (string[])["NO_COLOR", "FASTPATH_SOCKET", "FASTPATH_HOST", "TERM"])
            if (global::System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
                environment[name] = value;
        return new Terminal(Console.OpenStandardInput(), Console.Out, Console.Error)
        {
            IsInteractive = isInteractive,
            Width = isInteractive ? WindowWidth() : UnboundedWidth,
            Environment = environment,
        };
    }

    public void Dispose() => Input.Dispose();

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth is > 0 and int width ? width : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
