using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FastPath.Net;

/// <summary>A prefix of either family: an address whose bits behind the length are zero.</summary>
public readonly record struct IpPrefix
{
    private IpPrefix(IpAddress address, int length)
    {
        Address = address;
        Length = length;
    }

    public IpAddress Address { get; }

    /// <summary>Bits, 0..32 or 0..128.</summary>
    public int Length { get; }

    public bool IsV4 => Address.IsV4;

    /// <summary>The prefix that an address lies in; bits behind the length are cleared.</summary>
    public static IpPrefix Of(IpAddress address, int length) => new(Mask(address, length), length);

    public bool Contains(IpAddress address) => address.IsV4 == IsV4 && Mask(address, Length) == Address;

    /// <summary>
    /// Parses address/length; an address with host bits is refused, and the error names the masked form.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out IpPrefix prefix, out string error)
    {
        prefix = default;
        if (!TrySplit(text, out IpAddress address, out int length, out error))
            return false;
        IpPrefix masked = Of(address, length);
        if (masked.Address != address)
        {
            error = $"\"{text}\" has bits set behind the prefix length: did you mean {masked}?";
            return false;
        }

        prefix = masked;
        return true;
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out IpPrefix prefix) =>
        TryParse(text, out prefix, out _);

    /// <exception cref="FormatException">The text is no prefix.</exception>
    public static IpPrefix Parse(string text) =>
        TryParse(text, out IpPrefix prefix, out string error) ? prefix : throw new FormatException(error);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");

    /// <summary>Reads address and length; a length has no sign, no leading zero and fits the family.</summary>
    internal static bool TrySplit(string? text, out IpAddress address, out int length, out string error)
    {
        address = default;
        length = 0;
        int slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0)
        {
            error = $"\"{text}\" has no prefix length: write address/length, such as 10.0.0.0/8";
            return false;
        }

        if (!IpAddress.TryParse(text![..slash], out address, out error))
            return false;
        int longest = address.IsV4 ? 32 : 128;
        string digits = text[(slash + 1)..];
        bool isNumber = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out length);
        if (isNumber && length <= longest && (digits.Length == 1 || digits[0] != '0'))
            return true;
        error = $"\"{digits}\" is not a prefix length: write a number from 0 to {longest}";
        return false;
    }

    private static IpAddress Mask(IpAddress address, int length)
    {
        if (address.IsV4)
            return new IpAddress(new Ip4Address(length == 0 ? 0 : address.V4.Value & (uint.MaxValue << (32 - length))));
        ulong high = length == 0 ? 0 : length >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - length);
        ulong low = length <= 64 ? 0 : ulong.MaxValue << (128 - length);
        return new IpAddress(new Ip6Address(address.V6.High & high, address.V6.Low & low));
    }
}
