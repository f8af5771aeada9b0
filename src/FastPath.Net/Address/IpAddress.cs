using System;
using System.Diagnostics.CodeAnalysis;

namespace FastPath.Net;

/// <summary>An address of either family. For the control plane; the data plane keeps the families apart.</summary>
public readonly record struct IpAddress
{
    public IpAddress(Ip4Address address)
    {
        IsV4 = true;
        V4 = address;
    }

    public IpAddress(Ip6Address address) => V6 = address;

    public bool IsV4 { get; }

    /// <summary>The address when <see cref="IsV4"/>.</summary>
    public Ip4Address V4 { get; }

    /// <summary>The address when not <see cref="IsV4"/>.</summary>
    public Ip6Address V6 { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, out IpAddress address, out string error)
    {
        address = default;
        if (text?.Contains(':', StringComparison.Ordinal) == true)
        {
            if (!Ip6Address.TryParse(text, out Ip6Address v6, out error))
                return false;
            address = new IpAddress(v6);
            return true;
        }

        if (!Ip4Address.TryParse(text, out Ip4Address v4, out error))
            return false;
        address = new IpAddress(v4);
        return true;
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out IpAddress address) =>
        TryParse(text, out address, out _);

    /// <exception cref="FormatException">The text is no address.</exception>
    public static IpAddress Parse(string text) =>
        TryParse(text, out IpAddress address, out string error) ? address : throw new FormatException(error);

    public override string ToString() => IsV4 ? V4.ToString() : V6.ToString();
}
