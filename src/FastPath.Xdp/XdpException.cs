using System;

namespace FastPath.Xdp;

/// <summary>The kernel refused something FastPath needs. The message names the operation and the kernel's reason.</summary>
public sealed class XdpException : Exception
{
    public XdpException(string operation, int errno)
        : base(errno == 0 ? operation : $"{operation}: {Describe(errno)} (errno {errno})") => Errno = errno;

    /// <summary>errno of the failed call; 0 when no call failed.</summary>
    public int Errno { get; }

    private static string Describe(int errno) => new System.ComponentModel.Win32Exception(errno).Message;
}
