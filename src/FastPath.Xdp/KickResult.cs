namespace FastPath.Xdp;

/// <summary>What the kernel said to a transmit request on a copy-mode socket (net/xdp/xsk.c, xsk_generic_xmit).</summary>
public enum KickResult
{
    /// <summary>Everything in the ring was taken.</summary>
    Done,

    /// <summary>EAGAIN: budget used up, completion ring full, send buffer full or queue stopped. Nothing was lost.</summary>
    Again,

    /// <summary>EBUSY: one packet was dropped by the device (peer down, too long, receiver full); the rest waits.</summary>
    Dropped,

    /// <summary>ENOBUFS: the kernel has no memory for a packet now. Nothing was lost.</summary>
    NoMemory,

    /// <summary>ENETDOWN: the device is down; descriptors stay in the ring.</summary>
    DeviceDown,

    /// <summary>ENXIO, EBADF: the device left this socket; it will never send again.</summary>
    Unbound,

    /// <summary>EINTR: a signal came first.</summary>
    Interrupted,

    /// <summary>Anything else: counted, treated like a lost attempt.</summary>
    Unexpected,
}
