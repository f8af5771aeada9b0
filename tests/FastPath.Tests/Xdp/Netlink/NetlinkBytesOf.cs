using System;
using System.Collections.Generic;
using System.Linq;

namespace FastPath.Tests.Xdp.Netlink;

/// <summary>Netlink messages byte by byte, also wrong ones; little-endian, as the machines FastPath runs on.</summary>
internal static class NetlinkBytesOf
{
    /// <summary>An attribute that may lie about its length.</summary>
    public static byte[] Attribute(int type, byte[] value, int? saysLength = null)
    {
        int length = saysLength ?? 4 + value.Length;
        List<byte> bytes = [(byte)length, (byte)(length >> 8), (byte)type, (byte)(type >> 8), .. value];
        while (bytes.Count % 4 != 0)
            bytes.Add(0);
        return [.. bytes];
    }

    /// <summary>A message that may lie about its length.</summary>
    public static byte[] Message(int type, int flags, byte[] payload, int? saysLength = null) =>
    [
        .. BitConverter.GetBytes(saysLength ?? 16 + payload.Length),
        .. BitConverter.GetBytes((ushort)type), .. BitConverter.GetBytes((ushort)flags),
        .. BitConverter.GetBytes(7), .. BitConverter.GetBytes(0),
        .. payload, .. new byte[-payload.Length & 3],
    ];

    /// <summary>ifinfomsg of a device, and attributes.</summary>
    public static byte[] Link(int index, uint flags, params byte[][] attributes) =>
    [
        0, 0, 1, 0, .. BitConverter.GetBytes(index), .. BitConverter.GetBytes(flags), 0, 0, 0, 0,
        .. attributes.SelectMany(attribute => attribute),
    ];
}
