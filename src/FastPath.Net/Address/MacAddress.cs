using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>A 48-bit MAC address as it lies on the wire (IEEE 802).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct MacAddress
{
    private const int TextLength = 17;

    private readonly U16Be _high;
    private readonly U32Be _low;

    private MacAddress(ulong value)
    {
        _high = (ushort)(value >> 32);
        _low = (uint)value;
    }

    public static MacAddress Broadcast { get; } = FromValue(0xFFFF_FFFF_FFFF);

    /// <summary>The 48 bits as a number, first octet most significant.</summary>
    public ulong Value => ((ulong)(ushort)_high << 32) | _low;

    /// <summary>
    /// The 48 bits as the machine reads them from the wire: the first octet is the lowest on the little-endian
    /// processors that FastPath supports. For keys of tables and compares, where no order is needed.
    /// </summary>
    public ulong Bits => BinaryPrimitives.ReverseEndianness(Value << 16);

    /// <summary>Group address: broadcast or multicast.</summary>
    public bool IsGroup => (_high & 0x0100) != 0;

    public bool IsBroadcast => Value == 0xFFFF_FFFF_FFFF;

    public bool IsZero => Value == 0;

    /// <summary>The address whose <see cref="Bits"/> these are.</summary>
    public static MacAddress FromBits(ulong bits) => FromValue(BinaryPrimitives.ReverseEndianness(bits) >> 16);

    /// <summary>An address from the low 48 bits of a number.</summary>
    public static MacAddress FromValue(ulong value) => new(value);

    /// <summary>Group address of an IPv6 multicast destination (RFC 2464 section 7).</summary>
    public static MacAddress ForIp6Multicast(Ip6Address group) => FromValue(0x3333_0000_0000UL | (uint)group.Low);

    /// <summary>Group address of an IPv4 multicast destination (RFC 1112 section 6.4).</summary>
    public static MacAddress ForIp4Multicast(Ip4Address group) =>
        FromValue(0x0100_5E00_0000UL | (group.Value & 0x7F_FFFF));

    /// <summary>Link-local address with a modified EUI-64 identifier (RFC 4291 appendix A).</summary>
    public Ip6Address LinkLocal()
    {
        ulong value = Value ^ (2UL << 40);
        return new Ip6Address(0xFE80UL << 48, (value >> 24 << 40) | (0xFFFEUL << 24) | (value & 0xFF_FFFF));
    }

    /// <summary>Parses six groups of two hexadecimal digits with colons between; nothing else is accepted.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MacAddress mac, out string error)
    {
        mac = default;
        error = $"\"{text}\" is not a MAC address: write six two-digit hexadecimal octets, such as 02:00:5e:10:00:01";
        if (text is not { Length: TextLength })
            return false;

        ulong value = 0;
        for (int at = 0; at < TextLength; at++)
        {
            if (at % 3 == 2)
            {
                if (text[at] != ':')
                    return false;
                continue;
            }

            if (!char.IsAsciiHexDigit(text[at]))
                return false;
            value = (value << 4) | (uint)Convert.ToInt32(text[at].ToString(), 16);
        }

        mac = FromValue(value);
        error = "";
        return true;
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out MacAddress mac) => TryParse(text, out mac, out _);

    /// <exception cref="FormatException">The text is not a MAC address.</exception>
    public static MacAddress Parse(string text) =>
        TryParse(text, out MacAddress mac, out string error) ? mac : throw new FormatException(error);

    public override string ToString()
    {
        ulong v = Value;
        return string.Create(CultureInfo.InvariantCulture,
            $"{v >> 40:x2}:{v >> 32 & 255:x2}:{v >> 24 & 255:x2}:{v >> 16 & 255:x2}:{v >> 8 & 255:x2}:{v & 255:x2}");
    }
}
