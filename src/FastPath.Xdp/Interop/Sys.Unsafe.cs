using System;
using System.Runtime.InteropServices;
using Tmds.Linux;

namespace FastPath.Xdp.Interop;

/// <summary>
/// The system calls of this project with plain integer types. Failures come back as negative errno, so that no caller
/// reads a stale errno.
/// </summary>
// SAFETY: pointers name locals or pinned spans that live until the call returns, with the size of what they name.
internal static unsafe class Sys
{
    private const int EpollPwait2Number = 441;

    /// <summary>mmap; null on failure, with the reason in <paramref name="errno"/>.</summary>
    public static void* Map(void* at, long bytes, int protection, int flags, int descriptor, long offset, out int errno)
    {
        void* mapped = LibC.mmap(at, (size_t)(ulong)bytes, protection, flags, descriptor, (off_t)offset);
        errno = mapped == LibC.MAP_FAILED ? LibC.errno : 0;
        return errno == 0 ? mapped : null;
    }

    public static void Unmap(void* start, long bytes)
    {
        if (LibC.munmap(start, (size_t)(ulong)bytes) != 0)
            throw new XdpException("munmap", LibC.errno);
    }

    public static void Advise(void* start, long bytes, int advice) =>
        _ = LibC.madvise(start, (size_t)(ulong)bytes, advice);

    public static int MemoryFile(ReadOnlySpan<byte> zeroTerminatedName, long bytes)
    {
        fixed (byte* name = zeroTerminatedName)
        {
            int descriptor = Check(LibC.memfd_create(name, LibC.MFD_CLOEXEC), "memfd_create");
            if (LibC.ftruncate(descriptor, (off_t)bytes) == 0)
                return descriptor;
            int errno = LibC.errno;
            Close(descriptor);
            throw new XdpException($"sizing a memory file to {bytes} bytes", errno);
        }
    }

    public static int Socket(int family, int type, int protocol) =>
        Check(LibC.socket(family, type | LibC.SOCK_CLOEXEC, protocol), "socket");

    public static int SetOption<T>(int socket, int level, int option, T value) where T : unmanaged =>
        LibC.setsockopt(socket, level, option, &value, (uint)sizeof(T)) == 0 ? 0 : -LibC.errno;

    public static int GetOption<T>(int socket, int level, int option, out T value) where T : unmanaged
    {
        T read = default;
        socklen_t length = (uint)sizeof(T);
        int result = LibC.getsockopt(socket, level, option, &read, &length) == 0 ? 0 : -LibC.errno;
        value = read;
        return result;
    }

    public static int Bind<T>(int socket, T address) where T : unmanaged =>
        LibC.bind(socket, (sockaddr*)&address, (uint)sizeof(T)) == 0 ? 0 : -LibC.errno;

    /// <summary>Keeps a descriptor out of child processes.</summary>
    public static void CloseOnExec(int descriptor) => _ = LibC.fcntl(descriptor, LibC.F_SETFD, LibC.FD_CLOEXEC);

    /// <summary>Locks an open file or directory for this descriptor alone, without waiting: 0 or -errno.</summary>
    public static int Lock(int descriptor)
    {
        const int LOCK_EX = 2;
        const int LOCK_NB = 4;
        return Flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : -Marshal.GetLastSystemError();
    }

    /// <summary>Closes; an error of close says nothing that could be acted on.</summary>
    public static void Close(int descriptor) => _ = LibC.close(descriptor);

    public static int EventFd() =>
        Check(LibC.eventfd(0, LibC.EFD_NONBLOCK | LibC.EFD_CLOEXEC), "eventfd");

    public static void SignalEvent(int descriptor)
    {
        ulong one = 1;
        _ = LibC.write(descriptor, &one, (size_t)(ulong)sizeof(ulong)); // a full counter is a signal already
    }

    public static void DrainEvent(int descriptor)
    {
        ulong count;
        _ = LibC.read(descriptor, &count, (size_t)(ulong)sizeof(ulong));
    }

    public static int EpollCreate() => Check(LibC.epoll_create1(LibC.EPOLL_CLOEXEC), "epoll_create1");

    public static int EpollAdd(int epoll, int descriptor, uint events)
    {
        epoll_event description = new() { events = (int)events };
        description.data.fd = descriptor;
        return LibC.epoll_ctl(epoll, LibC.EPOLL_CTL_ADD, descriptor, &description) == 0 ? 0 : -LibC.errno;
    }

    public static int EpollRemove(int epoll, int descriptor) =>
        LibC.epoll_ctl(epoll, LibC.EPOLL_CTL_DEL, descriptor, null) == 0 ? 0 : -LibC.errno;

    /// <summary>Sleeps until a descriptor is ready or the time is over; the number of ready ones, or -errno.</summary>
    public static int EpollWait(int epoll, long timeoutNs, bool nanoseconds)
    {
        const int EventsMax = 16;
        epoll_event* events = stackalloc epoll_event[EventsMax];
        if (!nanoseconds)
        {
            int milliseconds = timeoutNs < 0 ? -1 : (int)Math.Min(int.MaxValue, (timeoutNs + 999_999) / 1_000_000);
            int ready = LibC.epoll_wait(epoll, events, EventsMax, milliseconds);
            return ready >= 0 ? ready : -LibC.errno;
        }

        KernelTimespec timeout = new() { Seconds = timeoutNs / 1_000_000_000, Nanoseconds = timeoutNs % 1_000_000_000 };
        long result = Syscall6(EpollPwait2Number, epoll, (nint)events, EventsMax,
            timeoutNs < 0 ? 0 : (nint)(&timeout), 0, 0);
        return result >= 0 ? (int)result : -Marshal.GetLastSystemError();
    }

    /// <summary>
    /// Asks the kernel to transmit what is in the TX ring: 0 or -errno. Runs the receiver's softirq, so the garbage
    /// collector must be able to stop other threads meanwhile: no SuppressGCTransition here.
    /// </summary>
    public static int Kick(int socket) =>
        SendTo(socket, null, 0, LibC.MSG_DONTWAIT, null, 0) >= 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>Wakes the driver of a zero-copy socket for receive: 0 or -errno.</summary>
    public static int WakeReceive(int socket) =>
        ReceiveFrom(socket, null, 0, LibC.MSG_DONTWAIT, null, null) >= 0 ? 0 : -Marshal.GetLastSystemError();

    private static int Check(int result, string operation) =>
        result >= 0 ? result : throw new XdpException(operation, LibC.errno);

    [DllImport("libc", EntryPoint = "sendto")]
    private static extern nint SendTo(int socket, void* buffer, nuint length, int flags, void* address, uint addressLength);

    [DllImport("libc", EntryPoint = "recvfrom")]
    private static extern nint ReceiveFrom(int socket, void* buffer, nuint length, int flags, void* address, void* addressLength);

    [DllImport("libc", EntryPoint = "flock")]
    private static extern int Flock(int descriptor, int operation);

    [DllImport("libc", EntryPoint = "syscall")]
    private static extern nint Syscall6(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    private struct KernelTimespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
