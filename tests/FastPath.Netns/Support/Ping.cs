using System;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FastPath.Netns.Support;

/// <summary>What ping reported.</summary>
internal sealed partial record Ping(int Sent, int Received, string Text)
{
    /// <summary>Sends echo requests, ten a second, and waits at most a second for the last answer.</summary>
    /// <param name="from">Namespace to send from.</param>
    /// <param name="address">IPv4 or IPv6 address.</param>
    /// <param name="count">How many.</param>
    /// <param name="options">More options of ping, such as "-s", "1400", "-M", "do".</param>
    public static Ping Run(Space from, string address, int count = 3, params string[] options)
    {
        TimeSpan limit = TimeSpan.FromSeconds(10 + count);
        string number = count.ToString(CultureInfo.InvariantCulture);
        string text = from.Run(limit, ["ping", "-n", "-c", number, "-i", "0.1", "-W", "1", .. options, address]).Output;
        Match summary = Summary().Match(text);
        return summary.Success
            ? new Ping(Number(summary, 1), Number(summary, 2), text)
            : throw new CommandFailedException($"ping {address} said nothing of use:\n{text}");
    }

    private static int Number(Match match, int group) =>
        int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\d+) packets transmitted, (\d+) received")]
    private static partial Regex Summary();
}
