using System;
using System.Collections.Generic;
using System.IO;
using FastPath.Dataplane.Ports;
using FastPath.Sim.World;
using FastPath.Tests.Packets;

namespace FastPath.Fuzz;

/// <summary>What fuzzing starts from: captured frames and those of the simulator's traffic.</summary>
internal static class Corpus
{
    private const int PerFile = 6;
    private const int Generated = 400;

    /// <summary>Ethernet frames.</summary>
    public static IReadOnlyList<byte[]> Frames { get; } = ReadFrames();

    /// <summary>Whole capture files of at most 8 KiB.</summary>
    public static IReadOnlyList<byte[]> Files { get; } = ReadFiles();

    /// <summary>What follows an offset in frames that a predicate takes.</summary>
    public static IReadOnlyList<byte[]> Behind(int offset, Predicate<byte[]> fits)
    {
        List<byte[]> parts = [];
        foreach (byte[] frame in Frames)
            if (frame.Length > offset && fits(frame))
                parts.Add(frame[offset..]);
        return parts;
    }

    private static List<byte[]> ReadFrames()
    {
        List<byte[]> frames = [];
        foreach (string path in Captures.Files())
        {
            try
            {
                using CaptureReader reader = CaptureReader.Open(path);
                for (int n = 0; n < PerFile && reader.TryRead(out CapturedPacket packet); n++)
                    if (packet.Bytes.Length is > 0 and < 9000)
                        frames.Add(packet.Bytes.ToArray());
            }
            catch (CaptureException)
            {
                // Other link types are no frames.
            }
        }

        SeededRandom random = new(1);
        Traffic traffic = new(random, GraphTargetTopology(), frames);
        for (int n = 0; n < Generated; n++)
            if (traffic.TryMake(out _, out byte[] frame))
                frames.Add(frame);
        return frames;
    }

    /// <summary>The topology that the whole graph is fuzzed with: it has bridges, tunnels, routed ports and routes.</summary>
    public static Topology GraphTargetTopology() => new TopologyGenerator(new SeededRandom(2)).Generate();

    private static List<byte[]> ReadFiles()
    {
        List<byte[]> files = [];
        foreach (string path in Captures.Files())
            if (new FileInfo(path).Length <= 8192)
                files.Add(File.ReadAllBytes(path));
        return files;
    }
}
