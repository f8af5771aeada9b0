using System;
using System.Buffers.Binary;
using System.IO;

namespace FastPath.Dataplane.Ports;

/// <summary>One packet of a capture file.</summary>
/// <param name="Nanoseconds">Time stamp, since 1970 in files of others; of the switch's clock in our own.</param>
/// <param name="OriginalLength">Bytes on the wire; more than <paramref name="Bytes"/> when the capture cut the
/// packet.</param>
/// <param name="Bytes">What was captured; valid until the next packet is read.</param>
public readonly record struct CapturedPacket(long Nanoseconds, int OriginalLength, ReadOnlyMemory<byte> Bytes);

/// <summary>A capture file that cannot be used; the message names the file.</summary>
public sealed class CaptureException(string message) : Exception(message);

/// <summary>
/// Reads Ethernet captures, packet by packet: pcap (draft-ietf-opsawg-pcap) with microseconds or nanoseconds in either
/// byte order, and pcapng (draft-ietf-opsawg-pcapng).
/// </summary>
/// <remarks>A file that cannot be used is refused when it is opened; what is wrong later ends the packets.</remarks>
[PerWorker]
public abstract class CaptureReader : IDisposable
{
    /// <summary>
    /// Bytes of the largest packet that is believed: libpcap's bound. A longer one is a damaged file.
    /// </summary>
    public const int PacketBytesMax = 262_144;

    private const int Ethernet = 1;

    private readonly Stream _stream;
    private byte[] _buffer = new byte[2048];

    private protected CaptureReader(Stream stream, string name)
    {
        _stream = stream;
        Name = name;
    }

    /// <summary>Name for messages: the file's path.</summary>
    public string Name { get; }

    /// <summary>Why reading ended before the end of the file; null when it did not.</summary>
    public string? Problem { get; private set; }

    /// <summary>Opens a capture file.</summary>
    /// <exception cref="CaptureException">It is no capture, or one of another link type than Ethernet.</exception>
    public static CaptureReader Open(string path)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 65_536);
        try
        {
            return Read(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a capture from a stream, which the reader owns from now on.</summary>
    /// <exception cref="CaptureException">As for <see cref="Open"/>.</exception>
    public static CaptureReader Read(Stream stream, string name)
    {
        Span<byte> magic = stackalloc byte[4];
        if (stream.ReadAtLeast(magic, 4, throwOnEndOfStream: false) != 4)
            throw new CaptureException($"{name}: too short for a capture");
        uint value = BinaryPrimitives.ReadUInt32LittleEndian(magic);
        return value == PcapNgReader.SectionHeader
            ? new PcapNgReader(stream, name)
            : new PcapReader(stream, name, value);
    }

    /// <summary>Reads the next packet; false at the end of the file or at a <see cref="Problem"/>.</summary>
    public bool TryRead(out CapturedPacket packet)
    {
        packet = default;
        if (Problem != null)
            return false;
        try
        {
            return TryReadPacket(out packet);
        }
        catch (CaptureException e)
        {
            Problem = e.Message;
            return false;
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads the next packet; throws <see cref="CaptureException"/> when the file is damaged.</summary>
    private protected abstract bool TryReadPacket(out CapturedPacket packet);

    /// <summary>The next bytes of the file; empty at its end. Valid until the next call.</summary>
    private protected Memory<byte> Take(int count)
    {
        if (_buffer.Length < count)
            _buffer = new byte[count];
        int read = _stream.ReadAtLeast(_buffer.AsSpan(0, count), count, throwOnEndOfStream: false);
        if (read != 0 && read != count)
            throw new CaptureException($"{Name}: the file ends inside a record");
        return _buffer.AsMemory(0, read);
    }

    /// <summary>The next bytes of the file, which must be there.</summary>
    private protected Memory<byte> Need(int count)
    {
        if (count == 0)
            return default;
        Memory<byte> bytes = Take(count);
        return bytes.Length == count ? bytes : throw new CaptureException($"{Name}: the file ends inside a record");
    }

    /// <summary>Refuses link types that are not Ethernet.</summary>
    private protected void RequireEthernet(int linkType)
    {
        if (linkType != Ethernet)
            throw new CaptureException(
                $"{Name}: link type {linkType}{NameOf(linkType)}; only Ethernet (1) can be read");
    }

    private static string NameOf(int linkType) => linkType switch
    {
        0 => " (BSD loopback)",
        9 or 50 => " (PPP)",
        12 or 14 or 101 => " (raw IP)",
        104 => " (Cisco HDLC)",
        105 or 119 or 127 => " (802.11)",
        113 or 276 => " (Linux cooked)",
        _ => "",
    };
}
