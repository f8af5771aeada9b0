using System;
using System.Runtime.InteropServices;
using FastPath.Xdp.Interop;
using Tmds.Linux;

namespace FastPath.Xdp;

/// <summary>
/// One end of a pair of connected unix sockets over which processes give each other descriptors (SCM_RIGHTS, unix(7)):
/// the keeper takes those of memory files and sockets, and gives them to the next daemon.
/// </summary>
[Control]
public sealed unsafe class DescriptorChannel : IDisposable
{
    /// <summary>Descriptors in one message (SCM_MAX_FD of the kernel).</summary>
    public const int DescriptorsMax = 253;

    private const int SCM_RIGHTS = 1;
    private const int HeaderBytes = 16; // struct cmsghdr on 64-bit Linux
    private const int ControlBytes = HeaderBytes + (DescriptorsMax * sizeof(int)) + 4;

    private readonly int _socket;

    /// <param name="socket">A unix socket that keeps message borders; owned by this from now on.</param>
    public DescriptorChannel(int socket) => _socket = socket;

    /// <summary>The socket, to be inherited by a child process.</summary>
    public int Descriptor => _socket;

    /// <summary>Makes both ends. The second is a bare descriptor that survives exec, for a child process.</summary>
    public static (DescriptorChannel Ours, int Inherited) CreatePair()
    {
        int* pair = stackalloc int[2];
        if (LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_SEQPACKET, 0, pair) != 0)
            throw new XdpException("socketpair", LibC.errno);
        Sys.CloseOnExec(pair[0]);
        return (new DescriptorChannel(pair[0]), pair[1]);
    }

    /// <summary>Sends a byte that says what it is, and descriptors. The sender may close its own afterwards.</summary>
    public void Send(byte kind, ReadOnlySpan<int> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, DescriptorsMax);
        byte* control = stackalloc byte[ControlBytes];
        Vector vector = new() { Base = &kind, Length = 1 };
        Message message = new() { Vectors = &vector, VectorCount = 1 };
        if (!descriptors.IsEmpty)
        {
            *(ulong*)control = (ulong)(HeaderBytes + (descriptors.Length * sizeof(int)));
            ((int*)control)[2] = LibC.SOL_SOCKET;
            ((int*)control)[3] = SCM_RIGHTS;
            // SAFETY: the control buffer has room for the most descriptors allowed above.
            descriptors.CopyTo(new Span<int>(control + HeaderBytes, DescriptorsMax));
            message.Control = control;
            message.ControlLength = (nuint)Align(HeaderBytes + (descriptors.Length * sizeof(int)));
        }

        if (SendMessage(_socket, &message, 0) != 1)
            throw new XdpException("sending descriptors", Marshal.GetLastSystemError());
    }

    /// <summary>Waits for a message. False when the other end is closed.</summary>
    public bool TryReceive(out byte kind, out int[] descriptors)
    {
        const int MSG_CMSG_CLOEXEC = 0x40000000;
        byte* control = stackalloc byte[ControlBytes];
        byte read = 0;
        Vector vector = new() { Base = &read, Length = 1 };
        Message message = new() { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = ControlBytes };
        nint result;
        do
            result = ReceiveMessage(_socket, &message, MSG_CMSG_CLOEXEC);
        while (result < 0 && Marshal.GetLastSystemError() == LibC.EINTR);
        if (result < 0)
            throw new XdpException("receiving descriptors", Marshal.GetLastSystemError());
        kind = read;
        int bytes = message.ControlLength < HeaderBytes ? 0 : (int)*(ulong*)control - HeaderBytes;
        // SAFETY: the kernel wrote that many bytes behind the header, at most what the buffer holds.
        descriptors = new Span<int>(control + HeaderBytes, bytes / sizeof(int)).ToArray();
        return result == 1;
    }

    public void Dispose() => Sys.Close(_socket);

    private static int Align(int bytes) => (bytes + 7) & ~7;

    [DllImport("libc", EntryPoint = "sendmsg")]
    private static extern nint SendMessage(int socket, Message* message, int flags);

    [DllImport("libc", EntryPoint = "recvmsg")]
    private static extern nint ReceiveMessage(int socket, Message* message, int flags);

    /// <summary>struct iovec.</summary>
    private struct Vector
    {
        public void* Base;
        public nuint Length;
    }

    /// <summary>struct msghdr on 64-bit Linux.</summary>
    private struct Message
    {
        private readonly void* _name;
        private readonly ulong _nameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        private readonly ulong _flags;
    }
}
