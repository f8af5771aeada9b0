using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FastPath.Benchmarks;

/// <summary>Writes measurements as JSON, with the machine they were taken on.</summary>
internal static class ResultFile
{
    public static JsonSerializerOptions Json { get; } = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static void Write<T>(string file, string kind, IReadOnlyList<T> results) =>
        File.WriteAllText(file, JsonSerializer.Serialize(new { kind, machine = Machine.Read(), results }, Json));
}

/// <summary>What a figure depends on besides the code.</summary>
internal sealed record Machine(string Processor, int Processors, string Kernel, string Runtime, string Date)
{
    public static Machine Read() => new(Model(), Environment.ProcessorCount, File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        $".NET {Environment.Version}", DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    private static string Model()
    {
        foreach (string line in File.ReadLines("/proc/cpuinfo"))
            if (line.StartsWith("model name", StringComparison.Ordinal))
                return line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..];
        return "unknown";
    }
}
