using System;
using System.Buffers.Binary;
using System.IO;

namespace FastPath.Dataplane.Ports;

/// <summary>Reads pcap files (draft-ietf-opsawg-pcap).</summary>
[PerWorker]
internal sealed class PcapReader : CaptureReader
{
    public const uint Microseconds = 0xA1B2_C3D4;
    public const uint Nanoseconds = 0xA1B2_3C4D;
    public const int HeaderBytes = 24;
    public const int RecordBytes = 16;

    private const uint LinkTypeMask = 0x03FF_FFFF; // above it: whether and how long a frame check sequence is

    private readonly bool _swapped;
    private readonly long _unit;
    private readonly int _snapBytes;

    /// <param name="magic">First four bytes of the file, as little-endian; the stream stands behind them.</param>
    public PcapReader(Stream stream, string name, uint magic) : base(stream, name)
    {
        uint other = BinaryPrimitives.ReverseEndianness(magic);
        _swapped = other is Microseconds or Nanoseconds;
        _unit = (_swapped ? other : magic) switch
        {
            Microseconds => 1000,
            Nanoseconds => 1,
            _ => throw new CaptureException($"{name}: not a capture (it begins with {other:x8})"),
        };
        ReadOnlySpan<byte> header = Need(HeaderBytes - sizeof(uint)).Span;
        uint snap = Word(header[12..]);
        _snapBytes = snap is 0 or > PacketBytesMax ? PacketBytesMax : (int)snap;
        RequireEthernet((int)(Word(header[16..]) & LinkTypeMask));
    }

    private protected override bool TryReadPacket(out CapturedPacket packet)
    {
        packet = default;
        ReadOnlySpan<byte> record = Take(RecordBytes).Span;
        if (record.IsEmpty)
            return false;
        long time = (Word(record) * 1_000_000_000L) + (Word(record[4..]) * _unit);
        uint captured = Word(record[8..]);
        uint original = Word(record[12..]);
        if (captured > PacketBytesMax)
            throw new CaptureException($"{Name}: a packet of {captured} bytes; at most {PacketBytesMax} are believed");
        Memory<byte> bytes = Need((int)captured);
        // Some writers stored more than their header promises; libpcap cuts there, too.
        packet = new CapturedPacket(time, (int)Math.Min(original, int.MaxValue),
            bytes[..Math.Min(bytes.Length, _snapBytes)]);
        return true;
    }

    private uint Word(ReadOnlySpan<byte> bytes) => _swapped
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
