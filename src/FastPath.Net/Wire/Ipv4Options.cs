using System;

namespace FastPath.Net;

/// <summary>Checks IPv4 options (RFC 791 section 3.1, RFC 7126).</summary>
public static class Ipv4Options
{
    private const byte EndOfList = 0;
    private const byte NoOperation = 1;
    private const byte LooseSourceRoute = 131;
    private const byte StrictSourceRoute = 137;

    /// <summary>
    /// Whether the options are well formed and ask for no source routing, which FastPath refuses (RFC 7126 section
    /// 4.3).
    /// </summary>
    public static bool AreAcceptable(ReadOnlySpan<byte> options)
    {
        while (!options.IsEmpty && options[0] != EndOfList)
        {
            if (options[0] == NoOperation)
            {
                options = options[1..];
                continue;
            }

            int length = options.Length < 2 ? 0 : options[1];
            if (length < 2 || length > options.Length || options[0] is LooseSourceRoute or StrictSourceRoute)
                return false;
            options = options[length..];
        }

        return true;
    }
}
