using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;

namespace FastPath.Dataplane.Ports;

/// <summary>
/// Reads pcapng files (draft-ietf-opsawg-pcapng): sections in either byte order, several interfaces, enhanced, simple
/// and old packet blocks. Blocks that carry no packet are skipped.
/// </summary>
[PerWorker]
internal sealed class PcapNgReader : CaptureReader
{
    public const uint SectionHeader = 0x0A0D_0D0A;

    private const uint ByteOrderMagic = 0x1A2B_3C4D;
    private const uint InterfaceDescription = 1;
    private const uint OldPacket = 2;
    private const uint SimplePacket = 3;
    private const uint EnhancedPacket = 6;
    private const int Frame = 12; // type and length in front, length again behind
    private const int BlockBytesMax = 16 << 20;
    private const ushort TimeResolutionOption = 9;
    private const ushort TimeOffsetOption = 14;

    private readonly List<Interface> _interfaces = [];
    private bool _bigEndian;
    private Block? _first;

    /// <summary>The stream stands behind the type of the first section header.</summary>
    public PcapNgReader(Stream stream, string name) : base(stream, name)
    {
        ReadSection();
        // The interfaces come before the first packet: another link type is refused here rather than in mid-file.
        while (_first == null && TryReadBlock(out Block block))
            if (!TrySkip(block))
                _first = block;
    }

    private protected override bool TryReadPacket(out CapturedPacket packet)
    {
        packet = default;
        if (_first is { } first)
        {
            _first = null;
            packet = PacketOf(first);
            return true;
        }

        while (TryReadBlock(out Block block))
        {
            if (TrySkip(block))
                continue;
            packet = PacketOf(block);
            return true;
        }

        return false;
    }

    /// <summary>Takes in an interface and passes over what is no packet; false for a packet.</summary>
    private bool TrySkip(in Block block)
    {
        if (block.Type == InterfaceDescription)
            AddInterface(block.Body.Span);
        return block.Type is not (EnhancedPacket or SimplePacket or OldPacket);
    }

    private bool TryReadBlock(out Block block)
    {
        block = default;
        while (true)
        {
            ReadOnlySpan<byte> start = Take(4).Span;
            if (start.IsEmpty)
                return false;
            uint type = Word(start);
            if (type == SectionHeader) // reads the same in both byte orders
            {
                ReadSection();
                continue;
            }

            int length = LengthOf(Word(Need(4).Span));
            Memory<byte> body = Need(length - 8);
            block = new Block(type, body[..^4]);
            return true;
        }
    }

    /// <summary>Reads a section header from behind its type on; interfaces are numbered anew in each section.</summary>
    private void ReadSection()
    {
        Span<byte> start = stackalloc byte[8];
        Need(8).Span.CopyTo(start);
        _bigEndian = BinaryPrimitives.ReadUInt32BigEndian(start[4..]) == ByteOrderMagic;
        if (Word(start[4..]) != ByteOrderMagic)
            throw new CaptureException($"{Name}: a section without byte order");
        _interfaces.Clear();
        int length = LengthOf(Word(start));
        if (length < 28)
            throw new CaptureException($"{Name}: a section header of {length} bytes");
        Need(length - 12);
    }

    private void AddInterface(ReadOnlySpan<byte> body)
    {
        Require(body.Length >= 8, "an interface description");
        RequireEthernet(Half(body));
        uint snap = Word(body[4..]);
        Interface added = new(snap == 0 ? int.MaxValue : (int)Math.Min(snap, int.MaxValue));
        for (ReadOnlySpan<byte> options = body[8..]; options.Length >= 4;)
        {
            int length = Half(options[2..]);
            Require(4 + length <= options.Length, "an option");
            ReadOnlySpan<byte> value = options.Slice(4, length);
            if (Half(options) == TimeResolutionOption && length >= 1)
                added = added with { Resolution = value[0] };
            else if (Half(options) == TimeOffsetOption && length >= 8)
                added = added with { OffsetSeconds = (long)Long(value) };
            options = options[Math.Min(4 + ((length + 3) & ~3), options.Length)..];
        }

        _interfaces.Add(added);
    }

    private CapturedPacket PacketOf(in Block block)
    {
        ReadOnlySpan<byte> body = block.Body.Span;
        if (block.Type == SimplePacket)
        {
            Require(body.Length >= 4 && _interfaces.Count != 0, "a simple packet");
            int original = Length(Word(body));
            int captured = Math.Min(original, _interfaces[0].SnapBytes);
            Require(captured <= body.Length - 4, "a simple packet");
            return new CapturedPacket(0, original, block.Body.Slice(4, captured));
        }

        Require(body.Length >= 20, "a packet");
        int number = block.Type == EnhancedPacket ? Length(Word(body)) : Half(body);
        Require(number < _interfaces.Count, "the interface of a packet");
        ulong time = ((ulong)Word(body[4..]) << 32) | Word(body[8..]);
        int bytes = Length(Word(body[12..]));
        Require(bytes <= body.Length - 20 && bytes <= PacketBytesMax, "a packet");
        return new CapturedPacket(_interfaces[number].Nanoseconds(time), Length(Word(body[16..])),
            block.Body.Slice(20, bytes));
    }

    private int LengthOf(uint length)
    {
        Require(length is >= Frame and <= BlockBytesMax && length % 4 == 0, "the length of a block");
        return (int)length;
    }

    private void Require(bool condition, string what)
    {
        if (!condition)
            throw new CaptureException($"{Name}: {what} is malformed");
    }

    private static int Length(uint value) => (int)Math.Min(value, int.MaxValue);

    private ushort Half(ReadOnlySpan<byte> bytes) => _bigEndian
        ? BinaryPrimitives.ReadUInt16BigEndian(bytes)
        : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint Word(ReadOnlySpan<byte> bytes) => _bigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private ulong Long(ReadOnlySpan<byte> bytes) => _bigEndian
        ? BinaryPrimitives.ReadUInt64BigEndian(bytes)
        : BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private readonly record struct Block(uint Type, Memory<byte> Body);

    /// <summary>One interface: where packets are cut and how times are counted.</summary>
    private readonly record struct Interface(int SnapBytes)
    {
        /// <summary>Negative power of ten, or of two with the top bit set; 6 is microseconds (if_tsresol).</summary>
        public byte Resolution { get; init; } = 6;

        public long OffsetSeconds { get; init; }

        public long Nanoseconds(ulong units)
        {
            int exponent = Resolution & 0x7F;
            UInt128 unitsPerSecond = 1;
            for (int n = 0; n < Math.Min(exponent, 38); n++)
                unitsPerSecond *= (Resolution & 0x80) != 0 ? 2u : 10u;
            return (long)((UInt128)units * 1_000_000_000 / unitsPerSecond) + unchecked(OffsetSeconds * 1_000_000_000);
        }
    }
}
