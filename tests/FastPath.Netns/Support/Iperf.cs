using System;
using System.Globalization;
using System.Text.Json;

namespace FastPath.Netns.Support;

/// <summary>One TCP run of iperf3 as the receiver saw it.</summary>
internal sealed record Iperf(double BitsPerSecond, long Bytes, int Retransmits)
{
    /// <summary>Sends TCP for some seconds from one namespace to another.</summary>
    /// <param name="client">Sender; the receiver when <paramref name="reverse"/>.</param>
    /// <param name="server">Where the server listens, on one address and for one run.</param>
    /// <param name="address">Address of the server.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="reverse">The server sends.</param>
    public static Iperf Run(Space client, Space server, string address, int seconds, bool reverse = false)
    {
        using RunningCommand listener = server.Start("iperf3", "-s", "-1", "-B", address, "--forceflush");
        listener.WaitForText("Server listening", TimeSpan.FromSeconds(10));
        string[] direction = reverse ? ["-R"] : [];
        string time = seconds.ToString(CultureInfo.InvariantCulture);
        CommandResult result = client.Run(TimeSpan.FromSeconds(seconds + 20),
            ["iperf3", "-c", address, "-t", time, "-J", .. direction]);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        if (document.RootElement.TryGetProperty("error", out JsonElement error))
            throw new CommandFailedException($"{result.Line}: {error.GetString()}");
        JsonElement end = document.RootElement.GetProperty("end");
        JsonElement received = end.GetProperty("sum_received");
        return new Iperf(
            received.GetProperty("bits_per_second").GetDouble(),
            received.GetProperty("bytes").GetInt64(),
            end.GetProperty("sum_sent").TryGetProperty("retransmits", out JsonElement again) ? again.GetInt32() : 0);
    }
}
