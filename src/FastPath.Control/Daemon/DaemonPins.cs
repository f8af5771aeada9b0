using System.IO;
using FastPath.Xdp;

namespace FastPath.Control.Daemon;

/// <summary>
/// Holds a daemon's directory of pins: who shares one takes the other's ports. By a lock of the directory and not by a
/// name, because daemons in other network namespaces may have the same file systems.
/// </summary>
internal static class DaemonPins
{
    /// <exception cref="IOException">Another daemon has it.</exception>
    public static DirectoryLock Take(string path) => DirectoryLock.TryTake(path)
        ?? throw new IOException(
            $"another fastpathd runs with its pins in {path}: stop it, or give this one another --bpffs");
}
