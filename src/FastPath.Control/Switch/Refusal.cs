using System;
using System.IO;
using FastPath.Xdp;
using FastPath.Xdp.Netlink;

namespace FastPath.Control.Switch;

/// <summary>What may be refused at any time and must not stop the switch: it is said, and the rest goes on.</summary>
internal static class Refusal
{
    /// <summary>By the kernel, a file system or a port; anything else is a bug of ours.</summary>
    public static bool Is(Exception e) =>
        e is PortException or XdpException or NetlinkException or IOException or UnauthorizedAccessException;
}
