using System;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp;

/// <summary>An epoll set with an eventfd in it: sleeps until a socket has packets, or until it is signalled.</summary>
[PerWorker]
public sealed class Waiter : IDisposable
{
    private const uint EPOLLIN = 1;

    private readonly int _epoll = Sys.EpollCreate();
    private readonly int _event = Sys.EventFd();
    private bool _nanoseconds;

    public Waiter(KernelFeature refused)
    {
        _nanoseconds = !refused.HasFlag(KernelFeature.EpollPwait2);
        Add(_event);
    }

    /// <summary>Whether sleeping is exact to the nanosecond (epoll_pwait2) or to the millisecond.</summary>
    public bool HasNanoseconds => _nanoseconds;

    public void Add(int descriptor)
    {
        int result = Sys.EpollAdd(_epoll, descriptor, EPOLLIN);
        if (result is not (0 or -Errno.EEXIST)) // watched already
            throw new XdpException("epoll_ctl", -result);
    }

    public void Remove(int descriptor) => _ = Sys.EpollRemove(_epoll, descriptor);

    /// <summary>
    /// Sleeps; returns early for any reason, so the caller looks again. True when a socket or a signal has ended it.
    /// </summary>
    public bool Wait(long nanoseconds)
    {
        int result = Sys.EpollWait(_epoll, nanoseconds, _nanoseconds);
        if (result == -Errno.ENOSYS)
            _nanoseconds = false;
        Sys.DrainEvent(_event);
        return result > 0;
    }

    /// <summary>Ends a wait that is under way, or the next one.</summary>
    public void Signal() => Sys.SignalEvent(_event);

    public void Dispose()
    {
        Sys.Close(_epoll);
        Sys.Close(_event);
    }
}
