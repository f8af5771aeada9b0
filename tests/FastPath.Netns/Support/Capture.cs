using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace FastPath.Netns.Support;

/// <summary>Records the frames of one device with tcpdump, whole, in the order the kernel saw them.</summary>
internal sealed class Capture : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly string _file = Path.GetTempFileName();
    private readonly RunningCommand _tcpdump;

    private Capture(Space space, string device, string filter)
    {
        // Each frame is read and written at once; -Z root keeps the rights that the file needs.
        _tcpdump = space.Start(
            "tcpdump", "-i", device, "-s", "0", "--immediate-mode", "-U", "-Z", "root", "-w", _file, filter);
        _tcpdump.WaitForText("listening on", s_patience);
    }

    /// <summary>Starts to record. Frames sent after this call has returned are seen.</summary>
    /// <param name="space">Namespace of the device.</param>
    /// <param name="device">Device name.</param>
    /// <param name="filter">pcap filter; empty takes all.</param>
    public static Capture Start(Space space, string device, string filter = "") => new(space, device, filter);

    /// <summary>Frames recorded up to now.</summary>
    public List<byte[]> Frames() => Read(File.ReadAllBytes(_file));

    /// <summary>The first frame that fits, waiting for it if need be.</summary>
    public byte[] WaitFor(Predicate<byte[]> fits, string what)
    {
        byte[]? found = null;
        SpinWait.SpinUntil(() => (found = Frames().Find(fits)) != null, s_patience);
        return found ?? throw new CommandFailedException($"no frame that is {what}, {Frames().Count} others");
    }

    /// <summary>Ends the recording and gives the frames, Ethernet header first.</summary>
    public List<byte[]> Stop()
    {
        if (!_tcpdump.HasExited)
            _tcpdump.Terminate(s_patience);
        return Frames();
    }

    public void Dispose()
    {
        _tcpdump.Dispose();
        File.Delete(_file);
    }

    /// <summary>Frames of a classic pcap file in this machine's byte order.</summary>
    private static List<byte[]> Read(ReadOnlySpan<byte> file)
    {
        const int FileHeaderBytes = 24;
        const int FrameHeaderBytes = 16;
        List<byte[]> frames = [];
        int at = FileHeaderBytes;
        while (at + FrameHeaderBytes <= file.Length)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(file[(at + 8)..]);
            at += FrameHeaderBytes;
            if (at + length > file.Length)
                break; // being written
            frames.Add(file.Slice(at, length).ToArray());
            at += length;
        }

        return frames;
    }
}
