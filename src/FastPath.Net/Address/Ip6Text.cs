using System;
using System.Globalization;
using System.Text;

namespace FastPath.Net;

/// <summary>Reads (RFC 4291 section 2.2) and writes (RFC 5952) IPv6 addresses as text.</summary>
internal static class Ip6Text
{
    private const int Groups = 8;

    public static bool TryParse(string? text, out Ip6Address address)
    {
        address = default;
        if (text is null || text.Length is < 2 or > 45)
            return false;

        int gap = text.IndexOf("::", StringComparison.Ordinal);
        Span<ushort> groups = stackalloc ushort[Groups];
        if (gap < 0)
            return TryParseGroups(text, groups, out int count) && count == Groups && Set(groups, out address);

        // "::" stands for at least one group of zeros.
        Span<ushort> tail = stackalloc ushort[Groups];
        if (!TryParseGroups(text.AsSpan(0, gap), groups, out int before, hasMore: true)
            || !TryParseGroups(text.AsSpan(gap + 2), tail, out int after)
            || before + after >= Groups)
            return false;
        tail[..after].CopyTo(groups[(Groups - after)..]);
        return Set(groups, out address);
    }

    public static string Format(Ip6Address address)
    {
        Span<ushort> groups = stackalloc ushort[Groups];
        for (int n = 0; n < Groups; n++)
            groups[n] = (ushort)((n < 4 ? address.High : address.Low) >> (48 - (n % 4 * 16)));

        (int start, int length) = LongestZeros(groups);
        StringBuilder text = new(39);
        for (int n = 0; n < Groups; n++)
        {
            if (n == start && length > 1)
            {
                text.Append("::");
                n += length - 1;
                continue;
            }

            if (text.Length > 0 && text[^1] != ':')
                text.Append(':');
            text.Append(CultureInfo.InvariantCulture, $"{groups[n]:x}");
        }

        return text.ToString();
    }

    private static bool Set(ReadOnlySpan<ushort> g, out Ip6Address address)
    {
        ulong high = ((ulong)g[0] << 48) | ((ulong)g[1] << 32) | ((ulong)g[2] << 16) | g[3];
        ulong low = ((ulong)g[4] << 48) | ((ulong)g[5] << 32) | ((ulong)g[6] << 16) | g[7];
        address = new Ip6Address(high, low);
        return true;
    }

    /// <summary>Reads groups with colons between; the last may be a dotted quad when nothing follows.</summary>
    private static bool TryParseGroups(ReadOnlySpan<char> text, Span<ushort> groups, out int count, bool hasMore =
        false)
    {
        count = 0;
        if (text.IsEmpty)
            return true;
        foreach (Range range in text.Split(':'))
        {
            ReadOnlySpan<char> part = text[range];
            bool last = range.End.Value == text.Length;
            if (last && !hasMore && part.Contains('.'))
                return TryAddQuad(part, groups, ref count);
            if (count == Groups || !TryParseGroup(part, out groups[count]))
                return false;
            count++;
        }

        return true;
    }

    private static bool TryAddQuad(ReadOnlySpan<char> part, Span<ushort> groups, ref int count)
    {
        if (count > Groups - 2 || !Ip4Address.TryParse(part.ToString(), out Ip4Address quad))
            return false;
        groups[count++] = (ushort)(quad.Value >> 16);
        groups[count++] = (ushort)quad.Value;
        return true;
    }

    private static bool TryParseGroup(ReadOnlySpan<char> text, out ushort group)
    {
        group = 0;
        if (text.Length is 0 or > 4)
            return false;
        foreach (char digit in text)
            if (!char.IsAsciiHexDigit(digit))
                return false;
        group = ushort.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return true;
    }

    private static (int Start, int Length) LongestZeros(ReadOnlySpan<ushort> groups)
    {
        int bestStart = -1;
        int bestLength = 0;
        for (int n = 0; n < Groups; n++)
        {
            int run = 0;
            while (n + run < Groups && groups[n + run] == 0)
                run++;
            if (run <= bestLength)
                continue;
            bestStart = n;
            bestLength = run;
        }

        return (bestStart, bestLength);
    }
}
