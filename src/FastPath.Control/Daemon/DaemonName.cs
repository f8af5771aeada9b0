using System;
using System.IO;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace FastPath.Control.Daemon;

/// <summary>
/// Holds the name of a daemon in its network namespace: two of one name would take each other's devices. An abstract unix
/// socket, which the kernel keeps by namespace and frees when the process ends, however it ends.
/// </summary>
internal sealed class DaemonName : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private DaemonName()
    {
    }

    /// <exception cref="IOException">Another daemon has it.</exception>
    public static DaemonName Take(string name) => Take("fastpathd/" + name, $"the name {name}", "--name and --socket");

    /// <summary>The same for a directory of pins: who shares one takes the other's ports.</summary>
    /// <exception cref="IOException">Another daemon has it.</exception>
    public static DaemonName TakeDirectory(string path)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(path))); // such a name has 107 bytes at most
        return Take("fastpathd-pins/" + Convert.ToHexString(hash.AsSpan(0, 16)), $"its pins in {path}", "--bpffs");
    }

    private static DaemonName Take(string address, string what, string options)
    {
        DaemonName taken = new();
        try
        {
            taken._socket.Bind(new UnixDomainSocketEndPoint("\0" + address)); // a zero at the front: abstract
            return taken;
        }
        catch (SocketException e)
        {
            taken.Dispose();
            if (e.SocketErrorCode != SocketError.AddressAlreadyInUse)
                throw new IOException($"taking {what}: {e.Message}", e);
            throw new IOException($"another fastpathd runs in this network namespace with {what}: "
                + $"stop it, or give this one another {options}", e);
        }
    }

    public void Dispose() => _socket.Dispose();
}
