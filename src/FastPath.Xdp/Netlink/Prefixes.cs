using System;
using System.Net;
using System.Net.Sockets;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp.Netlink;

/// <summary>Families and prefix lengths as the kernel writes them.</summary>
[Control]
internal static class Prefixes
{
    /// <summary>The kernel's number of a family; .NET's differ (InterNetworkV6 is 23).</summary>
    public static byte ToKernel(this AddressFamily family) => family switch
    {
        AddressFamily.InterNetwork => NetlinkAbi.AF_INET,
        AddressFamily.InterNetworkV6 => NetlinkAbi.AF_INET6,
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "IPv4 or IPv6"),
    };

    /// <summary>The length as the kernel's byte, after a check against the family.</summary>
    public static byte Check(IPAddress address, int prefixLength)
    {
        int bits = address.AddressFamily.ToKernel() == NetlinkAbi.AF_INET ? 32 : 128;
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)prefixLength, (uint)bits, nameof(prefixLength));
        return (byte)prefixLength;
    }
}
