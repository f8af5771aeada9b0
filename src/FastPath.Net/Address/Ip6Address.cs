using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>An IPv6 address, in network order as it lies in a header.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct Ip6Address : IComparable<Ip6Address>
{
    private readonly U64Be _high;
    private readonly U64Be _low;

    public Ip6Address(ulong high, ulong low)
    {
        _high = high;
        _low = low;
    }

    /// <summary>The first 64 bits as a number.</summary>
    public ulong High => _high;

    /// <summary>The last 64 bits as a number.</summary>
    public ulong Low => _low;

    public bool IsUnspecified => High == 0 && Low == 0;

    public bool IsLoopback => High == 0 && Low == 1;

    /// <summary>ff00::/8 (RFC 4291 section 2.7).</summary>
    public bool IsMulticast => High >> 56 == 0xFF;

    /// <summary>fe80::/10 (RFC 4291 section 2.5.6).</summary>
    public bool IsLinkLocal => High >> 54 == 0xFE80 >> 6;

    /// <summary>Multicast that must not leave its link: scope 2 or less (RFC 4291 section 2.7).</summary>
    public bool IsLinkScopeMulticast => IsMulticast && (High >> 48 & 0xF) <= 2;

    /// <summary>ff02::1:ffXX:XXXX, where neighbor solicitations for this address go (RFC 4291 section 2.7.1).</summary>
    public Ip6Address SolicitedNode() => new(0xFF02UL << 48, 0x1_FF00_0000 | (Low & 0xFF_FFFF));

    public static bool TryParse([NotNullWhen(true)] string? text, out Ip6Address address, out string error)
    {
        bool parsed = Ip6Text.TryParse(text, out address);
        error = parsed
            ? ""
            : $"\"{text}\" is not an IPv6 address: write it as in RFC 4291, such as fd00:1::1, without zone";
        return parsed;
    }

    /// <summary>Parses the forms of RFC 4291 section 2.2; no zone, no brackets.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Ip6Address address) =>
        TryParse(text, out address, out _);

    /// <exception cref="FormatException">The text is not an IPv6 address.</exception>
    public static Ip6Address Parse(string text) =>
        TryParse(text, out Ip6Address address, out string error) ? address : throw new FormatException(error);

    public int CompareTo(Ip6Address other)
    {
        int high = High.CompareTo(other.High);
        return high != 0 ? high : Low.CompareTo(other.Low);
    }

    /// <summary>Canonical text (RFC 5952).</summary>
    public override string ToString() => Ip6Text.Format(this);

    public static bool operator <(Ip6Address left, Ip6Address right) => left.CompareTo(right) < 0;

    public static bool operator <=(Ip6Address left, Ip6Address right) => left.CompareTo(right) <= 0;

    public static bool operator >(Ip6Address left, Ip6Address right) => left.CompareTo(right) > 0;

    public static bool operator >=(Ip6Address left, Ip6Address right) => left.CompareTo(right) >= 0;
}
