using System.Collections.Generic;
using System.IO;
using FastPath.Dataplane.Ports;

namespace FastPath.Fuzz.Targets;

/// <summary>Capture files: damaged ones are refused or end early, and no packet is longer than the file.</summary>
internal sealed class CaptureTarget : Target
{
    public override string Name => "capture";

    public override IReadOnlyList<byte[]> Seeds => Corpus.Files;

    public override void Run(byte[] input)
    {
        CaptureReader reader;
        try
        {
            reader = CaptureReader.Read(new MemoryStream(input), "fuzz");
        }
        catch (CaptureException)
        {
            return;
        }

        using (reader)
        {
            long bytes = 0;
            while (reader.TryRead(out CapturedPacket packet))
                bytes += packet.Bytes.Length;
            Require(bytes <= input.Length, $"{bytes} bytes of packets in a file of {input.Length}");
            Require(!reader.TryRead(out _), "the end stays the end");
        }
    }
}
