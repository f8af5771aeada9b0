using System;
using System.Globalization;

namespace FastPath.Benchmarks;

/// <summary>The command line.</summary>
internal sealed record Options
{
    public string Verb { get; private init; } = "";

    /// <summary>Scenario or filter; null for all.</summary>
    public string? Subject { get; private init; }

    /// <summary>Whether each node is timed, too.</summary>
    public bool Nodes { get; private init; }

    /// <summary>Packets in a batch; null for 64, 8 and 1 in turn.</summary>
    public int? Batch { get; private init; }

    /// <summary>Bytes of a chunk: 2,304, 4,032 or 4,096 to compare (perf/chunks.sh).</summary>
    public int ChunkBytes { get; private init; } = new FastPath.Xdp.UmemOptions().ChunkBytes;

    public string? Json { get; private init; }

    /// <summary>Processor to measure on.</summary>
    public int Cpu { get; private init; } = Environment.ProcessorCount - 1;

    public static bool TryParse(string[] args, out Options options, out string error)
    {
        options = new Options();
        error = "";
        for (int n = 0; n < args.Length; n++)
        {
            string? value = n + 1 < args.Length ? args[n + 1] : null;
            switch (args[n])
            {
                case "--nodes": options = options with { Nodes = true }; break;
                case "--json" when value != null: options = options with { Json = args[++n] }; break;
                case "--batch" when IsNumber(value, 1, 64, out int batch): options = options with { Batch = batch }; n++; break;
                case "--chunk" when IsNumber(value, 2048, 4096, out int chunk): options = options with { ChunkBytes = chunk }; n++; break;
                case "--cpu" when IsNumber(value, 0, 1023, out int cpu): options = options with { Cpu = cpu }; n++; break;
                case ['-', ..]: error = $"{args[n]}: unknown, or its value is missing or out of range"; return false;
                default:
                    options = options.Verb.Length == 0 ? options with { Verb = args[n] } : options with { Subject = args[n] };
                    break;
            }
        }

        return true;
    }

    private static bool IsNumber(string? text, int min, int max, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= min && value <= max;
}
