using System;
using System.Collections.Generic;
using FastPath.Api;
using FastPath.Xdp;

namespace FastPath.Control.Config;

/// <summary>Rules of /system.</summary>
internal static class SystemRules
{
    public const int WorkersMax = 16;
    private const int ProcessorsMax = 1024; // CPU_SETSIZE

    public static SystemSettings Check(SystemConfig? config, ConfigErrors errors)
    {
        config ??= new SystemConfig();
        Field at = errors.At("system");
        at.Item("workers").InRange(config.Workers, 1, WorkersMax);
        CheckProcessors(config, at.Item("processors"));
        bool memory = at.Item("chunkCount").IsPowerOfTwo(config.ChunkCount, 1024, 262_144);
        memory &= CheckChunkBytes(config, at);
        at.Item("fdbEntries").IsPowerOfTwo(config.FdbEntries, 1024, 1 << 24);
        at.Item("neighborEntries").IsPowerOfTwo(config.NeighborEntries, 1024, 1 << 20);
        at.Item("spinMicroseconds").InRange(config.SpinMicroseconds, 0, 10_000);
        return new SystemSettings
        {
            Workers = config.Workers,
            Processors = config.Processors ?? [],
            Memory = memory ? new UmemOptions(config.ChunkCount, config.ChunkBytes) : new UmemOptions(),
            FdbEntries = config.FdbEntries,
            NeighborEntries = config.NeighborEntries,
            SpinMicroseconds = config.SpinMicroseconds,
            Refused = Features(config.RefuseFeatures, at.Item("refuseFeatures")),
        };
    }

    /// <summary>Name of a feature in configuration and status: its member's name, first letter small.</summary>
    public static string NameOf(KernelFeature feature)
    {
        string name = feature.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>Every single feature.</summary>
    public static IEnumerable<KernelFeature> AllFeatures()
    {
        foreach (KernelFeature feature in Enum.GetValues<KernelFeature>())
            if (feature != KernelFeature.None)
                yield return feature;
    }

    private static bool CheckChunkBytes(SystemConfig config, Field at)
    {
        if (config.ChunkBytes is not (2048 or 2304 or 4032 or 4096))
        {
            at.Item("chunkBytes").Add($"{config.ChunkBytes} is not possible: write 2048, 2304, 4032 or 4096");
            return false;
        }

        if ((long)config.ChunkBytes * config.ChunkCount <= 1L << 30)
            return true;
        at.Item("chunkCount").Add($"{config.ChunkCount} chunks of {config.ChunkBytes} bytes are more than 1 GiB");
        return false;
    }

    private static void CheckProcessors(SystemConfig config, Field at)
    {
        if (config.Processors is not { } processors)
            return;
        if (processors.Count != config.Workers)
            at.Add($"{processors.Count} processors for {config.Workers} workers: name one for each");
        HashSet<int> seen = [];
        for (int n = 0; n < processors.Count; n++)
            if (at.Item(n).InRange(processors[n], 0, ProcessorsMax - 1) && !seen.Add(processors[n]))
                at.Item(n).Add($"processor {processors[n]} has a worker already");
    }

    private static KernelFeature Features(IReadOnlyList<string> names, Field at)
    {
        KernelFeature features = KernelFeature.None;
        List<string> known = [];
        foreach (KernelFeature feature in AllFeatures())
            known.Add(NameOf(feature));
        for (int n = 0; n < names.Count; n++)
        {
            if (!known.Contains(names[n]))
                at.Item(n).Add($"there is no kernel feature \"{names[n]}\"{Nearest.Suggest(names[n], known)}");
            else
                features |= Enum.Parse<KernelFeature>(names[n], ignoreCase: true);
        }

        return features;
    }
}
