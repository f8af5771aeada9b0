using System;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp;

/// <summary>
/// A directory that one process has to itself. The lock (flock) is the directory's, whatever path, mount or network
/// namespace a process comes by, and ends with the process, however that ends.
/// </summary>
[Control]
public sealed class DirectoryLock : IDisposable
{
    private int _descriptor;

    private DirectoryLock(int descriptor) => _descriptor = descriptor;

    /// <summary>Null when another has it.</summary>
    /// <exception cref="XdpException">There is no such directory, or it cannot be locked.</exception>
    public static DirectoryLock? TryTake(string path)
    {
        int descriptor = NetSys.OpenRead(path);
        if (descriptor < 0)
            throw new XdpException($"opening {path}", -descriptor);
        int result = Sys.Lock(descriptor);
        if (result == 0)
            return new DirectoryLock(descriptor);
        Sys.Close(descriptor);
        return result == -Errno.EAGAIN ? null : throw new XdpException($"locking {path}", -result);
    }

    public void Dispose()
    {
        if (_descriptor >= 0)
            Sys.Close(_descriptor);
        _descriptor = -1;
    }
}
