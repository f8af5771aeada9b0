using System;

namespace FastPath.Control.Daemon;

/// <summary>
/// What the daemon says: one line an event on standard error, which systemd and a terminal show as it is. Few lines; what
/// happens often is a counter.
/// </summary>
internal static class Log
{
    private static readonly System.Threading.Lock s_gate = new();

    public static void Say(string message)
    {
        lock (s_gate)
            Console.Error.WriteLine(message);
    }
}
