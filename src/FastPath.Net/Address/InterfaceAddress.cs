using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FastPath.Net;

/// <summary>An address of an interface with the length of its network, such as 10.0.0.1/24.</summary>
public readonly record struct InterfaceAddress(IpAddress Address, int PrefixLength)
{
    /// <summary>The network the interface is connected to.</summary>
    public IpPrefix Network => IpPrefix.Of(Address, PrefixLength);

    public static bool TryParse([NotNullWhen(true)] string? text, out InterfaceAddress value, out string error)
    {
        bool parsed = IpPrefix.TrySplit(text, out IpAddress address, out int length, out error);
        value = parsed ? new InterfaceAddress(address, length) : default;
        return parsed;
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out InterfaceAddress value) =>
        TryParse(text, out value, out _);

    /// <exception cref="FormatException">The text is no interface address.</exception>
    public static InterfaceAddress Parse(string text) =>
        TryParse(text, out InterfaceAddress value, out string error) ? value : throw new FormatException(error);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{PrefixLength}");
}
