using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>An IPv4 address, in network order as it lies in a header.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct Ip4Address : IComparable<Ip4Address>
{
    private readonly U32Be _value;

    public Ip4Address(uint value) => _value = value;

    /// <summary>The address as a number: 10.0.0.1 is 0x0A000001.</summary>
    public uint Value => _value;

    /// <summary>
    /// The address as the machine reads it from a header: for keys of tables, where no order is needed.
    /// </summary>
    internal uint Bits => _value.Network;

    public bool IsUnspecified => Value == 0;

    public bool IsLoopback => Value >> 24 == 127;

    /// <summary>224.0.0.0/4 (RFC 1112).</summary>
    public bool IsMulticast => Value >> 28 == 14;

    /// <summary>
    /// Whether no packet on a wire may come from here (RFC 1812 section 5.3.7, RFC 1122 section 3.2.1.3): 0/8 and 127/8
    /// never leave a host, 224.0.0.0 and above are multicast, reserved and broadcast.
    /// </summary>
    public bool IsMartianSource => _value.First is 0 or 127 or >= 224;

    /// <summary>Whether no packet on a wire may go here: 0/8 and 127/8.</summary>
    public bool IsMartianDestination => _value.First is 0 or 127;

    public bool IsLimitedBroadcast => Value == uint.MaxValue;

    /// <summary>169.254.0.0/16 (RFC 3927).</summary>
    public bool IsLinkLocal => Value >> 16 == 0xA9FE;

    /// <summary>Parses four decimal octets without leading zeros; no short, octal or hexadecimal forms.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Ip4Address address, out string error)
    {
        address = default;
        error = $"\"{text}\" is not an IPv4 address: write four decimal octets without leading zeros, such as 10.0.0.1";
        if (text is null || text.Length is < 7 or > 15)
            return false;

        uint value = 0;
        int octets = 0;
        foreach (Range range in text.AsSpan().Split('.'))
        {
            if (!TryParseOctet(text.AsSpan()[range], out uint octet) || ++octets > 4)
                return false;
            value = (value << 8) | octet;
        }

        if (octets != 4)
            return false;
        address = new Ip4Address(value);
        error = "";
        return true;
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out Ip4Address address) =>
        TryParse(text, out address, out _);

    /// <exception cref="FormatException">The text is not an IPv4 address.</exception>
    public static Ip4Address Parse(string text) =>
        TryParse(text, out Ip4Address address, out string error) ? address : throw new FormatException(error);

    public int CompareTo(Ip4Address other) => Value.CompareTo(other.Value);

    public override string ToString()
    {
        uint v = Value;
        return string.Create(CultureInfo.InvariantCulture, $"{v >> 24}.{v >> 16 & 255}.{v >> 8 & 255}.{v & 255}");
    }

    public static bool operator <(Ip4Address left, Ip4Address right) => left.Value < right.Value;

    public static bool operator <=(Ip4Address left, Ip4Address right) => left.Value <= right.Value;

    public static bool operator >(Ip4Address left, Ip4Address right) => left.Value > right.Value;

    public static bool operator >=(Ip4Address left, Ip4Address right) => left.Value >= right.Value;

    private static bool TryParseOctet(ReadOnlySpan<char> text, out uint octet)
    {
        octet = 0;
        if (text.Length is 0 or > 3 || (text.Length > 1 && text[0] == '0'))
            return false;
        foreach (char digit in text)
        {
            if (!char.IsAsciiDigit(digit))
                return false;
            octet = (octet * 10) + (uint)(digit - '0');
        }

        return octet <= 255;
    }
}
