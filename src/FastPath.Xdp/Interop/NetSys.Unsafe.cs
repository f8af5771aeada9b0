using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tmds.Linux;

namespace FastPath.Xdp.Interop;

/// <summary>System calls of netlink and of network namespaces. Failures come back as negative errno.</summary>
// SAFETY: pointers name locals or pinned spans that live until the call returns, with the size of what they name.
internal static unsafe class NetSys
{
    /// <summary>Opens a file for reading: a descriptor, or -errno.</summary>
    public static int OpenRead(string path)
    {
        fixed (byte* zeroTerminated = System.Text.Encoding.UTF8.GetBytes(path + '\0'))
        {
            // A FIFO that nobody writes to would block, and with it whoever waits for the caller.
            int descriptor = LibC.open(zeroTerminated, LibC.O_RDONLY | LibC.O_CLOEXEC | LibC.O_NONBLOCK);
            return descriptor >= 0 ? descriptor : -LibC.errno;
        }
    }

    /// <summary>Moves the calling thread, and only it, into a network namespace: 0 or -errno.</summary>
    public static int EnterNetworkNamespace(int descriptor) =>
        LibC.setns(descriptor, LibC.CLONE_NEWNET) == 0 ? 0 : -LibC.errno;

    /// <summary>Sends one datagram to the kernel: bytes sent, or -errno.</summary>
    public static int Send(int socket, ReadOnlySpan<byte> datagram)
    {
        fixed (byte* bytes = datagram)
        {
            nint sent = SendTo(socket, bytes, (nuint)datagram.Length, 0, null, 0);
            return sent >= 0 ? (int)sent : -Marshal.GetLastSystemError();
        }
    }

    /// <summary>
    /// Receives one datagram: its true length, which is more than the buffer's when it did not fit, or -errno.
    /// </summary>
    public static int Receive(int socket, Span<byte> into, bool wait, out SockaddrNl sender)
    {
        SockaddrNl from = default;
        uint fromLength = (uint)sizeof(SockaddrNl);
        int flags = LibC.MSG_TRUNC | (wait ? 0 : LibC.MSG_DONTWAIT);
        fixed (byte* bytes = into)
        {
            nint received = ReceiveFrom(socket, bytes, (nuint)into.Length, flags, &from, &fromLength);
            int result = received >= 0 ? (int)received : -Marshal.GetLastSystemError();
            sender = from;
            return result;
        }
    }

    /// <summary>Bounds how long a receive waits: 0 or -errno.</summary>
    public static int SetReceiveTimeout(int socket, TimeSpan timeout)
    {
        KernelTimeval value = new()
        {
            Seconds = (long)timeout.TotalSeconds,
            Microseconds = timeout.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond,
        };
        return Sys.SetOption(socket, LibC.SOL_SOCKET, LibC.SO_RCVTIMEO, value);
    }

    /// <summary>An ethtool command on a device; the kernel reads and writes the command. 0 or -errno.</summary>
    public static int Ethtool(int socket, string device, Span<byte> command)
    {
        IfReq request = default;
        Span<byte> name = request.Name;
        if (!System.Text.Encoding.UTF8.TryGetBytes(device, name[..^1], out _))
            return -Errno.ENODEV; // longer than any device's name
        fixed (byte* data = command)
        {
            request.Data = (nint)data;
            return Ioctl(socket, EthtoolAbi.SIOCETHTOOL, &request) >= 0 ? 0 : -Marshal.GetLastSystemError();
        }
    }

    /// <summary>Device and inode number of an open file, which name a namespace. False when fstat fails.</summary>
    public static bool TryIdentify(int descriptor, out (ulong Device, ulong Inode) identity)
    {
        stat status;
        bool known = LibC.fstat(descriptor, &status) == 0;
        identity = known
            ? (Unsafe.BitCast<dev_t, ulong>(status.st_dev), Unsafe.BitCast<ino_t, ulong>(status.st_ino))
            : default;
        return known;
    }

    [DllImport("libc", EntryPoint = "sendto")]
    private static extern nint SendTo(
        int socket, void* buffer, nuint length, int flags, void* address, uint addressLength);

    [DllImport("libc", EntryPoint = "recvfrom")]
    private static extern nint ReceiveFrom(
        int socket, void* buffer, nuint length, int flags, void* address, uint* addressLength);

    [DllImport("libc", EntryPoint = "ioctl")]
    private static extern int Ioctl(int descriptor, nuint request, void* argument);

    private struct KernelTimeval
    {
        public long Seconds;
        public long Microseconds;
    }
}
