using System;

namespace FastPath.Xdp;

/// <summary>The kernel refused something FastPath needs. The message names the operation and the kernel's reason.</summary>
public sealed class XdpException : Exception
{
    public XdpException(string operation, int errno)
        : base(errno == 0 ? operation : $"{operation}: {Describe(errno)} (errno {errno})") => Errno = errno;

    /// <summary>errno of the failed call; 0 when no call failed.</summary>
    public int Errno { get; }

    /// <summary>ENOENT: what was to be opened is not there.</summary>
    public bool IsNotFound => Errno == Interop.Errno.ENOENT;

    /// <summary>EACCES: it is there, and this process may not have it.</summary>
    public bool IsNotPermitted => Errno == Interop.Errno.EACCES;

    private static string Describe(int errno) => new System.ComponentModel.Win32Exception(errno).Message;
}
