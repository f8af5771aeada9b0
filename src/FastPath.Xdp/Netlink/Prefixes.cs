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

    /// <summary>Bytes of an address; 0 for families that are not IP.</summary>
    public static int BytesOf(byte family) => family switch
    {
        NetlinkAbi.AF_INET => 4,
        NetlinkAbi.AF_INET6 => 16,
        _ => 0,
    };

    /// <summary>A prefix length that the kernel sent.</summary>
    public static int Received(byte family, byte prefixLength) =>
        prefixLength <= 8 * BytesOf(family)
            ? prefixLength
            : throw new NetlinkFormatException($"a prefix of {prefixLength} bits in a message of family {family}");

    /// <summary>The length as the kernel's byte, after a check against the family.</summary>
    public static byte Check(IPAddress address, int prefixLength)
    {
        int bits = 8 * BytesOf(address.AddressFamily.ToKernel());
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)prefixLength, (uint)bits, nameof(prefixLength));
        return (byte)prefixLength;
    }
}
