using FastPath.Api;

namespace FastPath.Cli;

/// <summary>What the exit status of fastpath says; scripts rely on it.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>fastpathd refused or cannot be reached.</summary>
    public const int Error = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>diff found a difference.</summary>
    public const int Different = 3;

    public const int NotFound = 4;

    /// <summary>Somebody else changed it, it exists, or others need it.</summary>
    public const int Conflict = 5;

    public static int Of(Problem problem) => problem.Status switch
    {
        404 => NotFound,
        409 or 412 => Conflict,
        _ => Error,
    };
}
