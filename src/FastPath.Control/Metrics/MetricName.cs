using System;
using System.Text;

namespace FastPath.Control.Metrics;

/// <summary>Names as Prometheus wants them, from names as the API has them.</summary>
internal static class MetricName
{
    /// <summary>rxPackets becomes rx_packets.</summary>
    public static string Snake(string camel)
    {
        StringBuilder snake = new(camel.Length + 8);
        foreach (char c in camel)
        {
            if (char.IsUpper(c) && snake.Length > 0)
                snake.Append('_');
            snake.Append(char.ToLowerInvariant(c));
        }

        return snake.ToString();
    }

    /// <summary>
    /// A name that tells its unit once: received in packets becomes received_packets, emptyPolls stays.
    /// </summary>
    public static string WithUnit(string camel, string unit)
    {
        string snake = Snake(camel);
        return Array.IndexOf(snake.Split('_'), unit) >= 0 ? snake : $"{snake}_{unit}";
    }
}
