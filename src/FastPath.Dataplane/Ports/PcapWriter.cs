using System;
using System.Buffers.Binary;
using System.IO;

namespace FastPath.Dataplane.Ports;

/// <summary>Writes pcap files of Ethernet frames with nanoseconds, little-endian (draft-ietf-opsawg-pcap).</summary>
[PerWorker]
public sealed class PcapWriter : IDisposable
{
    private const ushort Major = 2;
    private const ushort Minor = 4;
    private const uint Ethernet = 1;

    private readonly Stream _stream;

    /// <summary>Writes to a stream, which the writer owns from now on.</summary>
    public PcapWriter(Stream stream)
    {
        _stream = stream;
        Span<byte> header = stackalloc byte[PcapReader.HeaderBytes];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, PcapReader.Nanoseconds);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], Major);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], Minor);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], CaptureReader.PacketBytesMax);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], Ethernet);
        _stream.Write(header);
    }

    /// <summary>Makes a capture file, over one of the same name.</summary>
    public static PcapWriter Create(string path) =>
        new(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 65_536));

    /// <summary>Adds a frame.</summary>
    /// <param name="nanoseconds">Time stamp; its seconds are kept in 32 bits.</param>
    /// <param name="frame">At most <see cref="CaptureReader.PacketBytesMax"/> bytes.</param>
    public void Write(long nanoseconds, ReadOnlySpan<byte> frame)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame.Length, CaptureReader.PacketBytesMax);
        Span<byte> record = stackalloc byte[PcapReader.RecordBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(nanoseconds / 1_000_000_000));
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)(nanoseconds % 1_000_000_000));
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], (uint)frame.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], (uint)frame.Length);
        _stream.Write(record);
        _stream.Write(frame);
    }

    public void Dispose() => _stream.Dispose();
}
