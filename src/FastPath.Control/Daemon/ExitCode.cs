namespace FastPath.Control.Daemon;

/// <summary>How fastpathd ends.</summary>
internal static class ExitCode
{
    public const int Good = 0;

    /// <summary>The command line makes no sense, the kernel refused something, or a file could not be read.</summary>
    public const int Failed = 1;

    /// <summary>The configuration has errors; all were written to standard error.</summary>
    public const int BadConfig = 2;
}
