using System;

namespace FastPath.Xdp.Netlink;

/// <summary>
/// The kernel refused a request. The message names the operation and the device, then the kernel's own words where it
/// gave any (extended ACK, Linux 4.12).
/// </summary>
public sealed class NetlinkException : Exception
{
    internal NetlinkException(string operation, int errno, string? kernelMessage = null)
        : base(Compose(operation, errno, kernelMessage))
    {
        Errno = errno;
        KernelMessage = kernelMessage;
    }

    /// <summary>errno of the answer, positive; 0 when the answer did not come.</summary>
    public int Errno { get; }

    /// <summary>The kernel's own explanation; null when it gave none.</summary>
    public string? KernelMessage { get; }

    /// <summary>
    /// ENODEV, ENOENT or, of routes, ESRCH, of addresses EADDRNOTAVAIL: what the request was about does not exist (any
    /// more).
    /// </summary>
    public bool IsNotFound => Errno is Interop.Errno.ENOENT or Interop.Errno.ESRCH or Interop.Errno.ENODEV
        or Interop.Errno.EADDRNOTAVAIL;

    /// <summary>EINVAL: the value is one that the device cannot have, such as an MTU above its largest.</summary>
    public bool IsInvalid => Errno == Interop.Errno.EINVAL;

    /// <summary>EEXIST: it is there already.</summary>
    public bool AlreadyExists => Errno == Interop.Errno.EEXIST;

    private static string Compose(string operation, int errno, string? kernelMessage)
    {
        if (errno == 0)
            return operation;
        string reason = new System.ComponentModel.Win32Exception(errno).Message;
        return kernelMessage == null
            ? $"{operation}: {reason} (errno {errno})"
            : $"{operation}: {reason} (errno {errno}): {kernelMessage}";
    }
}

/// <summary>A netlink message that is shorter than it says, or than its type must be.</summary>
public sealed class NetlinkFormatException(string what) : Exception("malformed netlink message: " + what);
