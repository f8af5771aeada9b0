using System;
using System.IO;
using System.Net.Sockets;

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
    public static DaemonName Take(string name)
    {
        DaemonName taken = new();
        try
        {
            taken._socket.Bind(new UnixDomainSocketEndPoint("\0fastpathd/" + name)); // a zero at the front: abstract
            return taken;
        }
        catch (SocketException e)
        {
            taken.Dispose();
            if (e.SocketErrorCode != SocketError.AddressAlreadyInUse)
                throw new IOException($"taking the name {name}: {e.Message}", e);
            throw new IOException($"another fastpathd runs in this network namespace with the name {name}: "
                + "stop it, or give this one another --name and --socket", e);
        }
    }

    public void Dispose() => _socket.Dispose();
}
