using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FastPath.Control.Rest;

/// <summary>The file of a unix socket: takes the place of a dead daemon's, never of a living one's.</summary>
internal static class UnixSocketFile
{
    private const int PathBytesMax = 107; // sun_path of struct sockaddr_un, less the zero

    /// <summary>Refuses what the kernel cannot take as the path of a socket.</summary>
    /// <exception cref="IOException">It is too long.</exception>
    public static void CheckPath(string path)
    {
        int bytes = Encoding.UTF8.GetByteCount(path);
        if (bytes > PathBytesMax)
            throw new IOException($"{path} has {bytes} bytes, and the path of a unix socket at most {PathBytesMax}: choose another");
    }

    /// <summary>Makes a socket with the given mode at a path.</summary>
    /// <exception cref="IOException">Somebody answers there, or it is not a socket.</exception>
    public static Socket Bind(UnixDomainSocketEndPoint endPoint, string path, UnixFileMode mode)
    {
        RemoveStale(endPoint, path);
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(endPoint);
            // Before listen(): until then nobody can connect, so there is no moment with the wrong mode.
            File.SetUnixFileMode(path, mode);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void RemoveStale(EndPoint endPoint, string path)
    {
        if (!File.Exists(path))
            return;
        if ((File.GetAttributes(path) & FileAttributes.Device) == 0 && new FileInfo(path).Length != 0)
            throw new IOException($"{path} is a file and no socket: remove it or choose another path");
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(endPoint);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }

        throw new IOException($"another fastpathd answers at {path}: stop it or choose another path");
    }
}
