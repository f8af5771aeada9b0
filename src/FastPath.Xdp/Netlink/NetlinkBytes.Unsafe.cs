using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastPath.Xdp.Netlink;

/// <summary>
/// Structs in and out of byte spans, in the machine's byte order as netlink wants it. Every access checks its bounds.
/// </summary>
[Control]
internal static class NetlinkBytes
{
    /// <summary>Messages and attributes start at multiples of 4 bytes (NLMSG_ALIGNTO, RTA_ALIGNTO).</summary>
    public static int Align(int length) => (length + 3) & ~3;

    /// <summary>The struct at the start of the span.</summary>
    /// <exception cref="NetlinkFormatException">The span is shorter.</exception>
    public static T Read<T>(ReadOnlySpan<byte> from) where T : unmanaged
    {
        // SAFETY: TryRead compares the length, and T is a plain struct without references.
        return MemoryMarshal.TryRead(from, out T value)
            ? value
            : throw new NetlinkFormatException($"{from.Length} bytes where {typeof(T).Name} has {Unsafe.SizeOf<T>()}");
    }

    public static void Write<T>(Span<byte> into, in T value) where T : unmanaged => MemoryMarshal.Write(into, in value);

    public static int SizeOf<T>() where T : unmanaged => Unsafe.SizeOf<T>();
}
