using System;
using System.Buffers.Binary;
using System.Net;
using System.Text;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp.Netlink;

/// <summary>The messages of one datagram, one after the other.</summary>
/// <remarks>
/// Guarantee: whatever the bytes are, it ends, reads nothing outside the span, and throws only
/// <see cref="NetlinkFormatException"/>.
/// </remarks>
[Control]
internal ref struct NetlinkReader(ReadOnlySpan<byte> datagram)
{
    private ReadOnlySpan<byte> _rest = datagram;

    /// <summary>Header of the present message.</summary>
    public NlMsgHdr Header { get; private set; }

    /// <summary>What follows the header.</summary>
    public ReadOnlySpan<byte> Payload { get; private set; }

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
            return false;
        Header = NetlinkBytes.Read<NlMsgHdr>(_rest);
        int headerBytes = NetlinkBytes.SizeOf<NlMsgHdr>();
        if (Header.Length < headerBytes || Header.Length > _rest.Length)
            throw new NetlinkFormatException($"a message says {Header.Length} bytes, {_rest.Length} are there");
        int length = (int)Header.Length;
        Payload = _rest[headerBytes..length];
        _rest = _rest[Math.Min(NetlinkBytes.Align(length), _rest.Length)..];
        return true;
    }
}

/// <summary>The attributes of a message or of a nested attribute, one after the other; same guarantee.</summary>
[Control]
internal ref struct AttributeReader(ReadOnlySpan<byte> attributes)
{
    private ReadOnlySpan<byte> _rest = attributes;

    /// <summary>Type of the present attribute, without the flags for nesting and byte order.</summary>
    public ushort Type { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Attributes behind a family's header of type <typeparamref name="T"/>.</summary>
    public static AttributeReader Behind<T>(ReadOnlySpan<byte> payload, out T header) where T : unmanaged
    {
        header = NetlinkBytes.Read<T>(payload);
        int start = NetlinkBytes.Align(NetlinkBytes.SizeOf<T>());
        return new AttributeReader(payload[Math.Min(start, payload.Length)..]);
    }

    public bool MoveNext()
    {
        int headerBytes = NetlinkBytes.SizeOf<RtAttr>();
        if (_rest.Length < headerBytes)
            return _rest.IsEmpty ? false : throw new NetlinkFormatException("bytes after the last attribute");
        RtAttr header = NetlinkBytes.Read<RtAttr>(_rest);
        if (header.Length < headerBytes || header.Length > _rest.Length)
            throw new NetlinkFormatException(
                $"attribute {header.Type} says {header.Length} bytes, {_rest.Length} are there");
        Type = (ushort)(header.Type & NetlinkAbi.NLA_TYPE_MASK);
        Value = _rest[headerBytes..header.Length];
        _rest = _rest[Math.Min(NetlinkBytes.Align(header.Length), _rest.Length)..];
        return true;
    }

    public readonly byte Byte() => NetlinkBytes.Read<byte>(Value);

    public readonly int Int32() => NetlinkBytes.Read<int>(Value);

    public readonly uint UInt32() => NetlinkBytes.Read<uint>(Value);

    /// <summary>A size or count; the kernel writes "no limit" as a number that no int has.</summary>
    public readonly int Count() => (int)Math.Min(UInt32(), int.MaxValue);

    /// <summary>Text up to its zero, or to the end.</summary>
    public readonly string Text()
    {
        int end = Value.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
    }

    /// <summary>A MAC address, first octet most significant; null when the link layer has other addresses.</summary>
    public readonly ulong? Mac()
    {
        if (Value.Length != 6)
            return null;
        ulong high = BinaryPrimitives.ReadUInt16BigEndian(Value);
        return (high << 32) | BinaryPrimitives.ReadUInt32BigEndian(Value[2..]);
    }

    /// <summary>An address of the family that the message is about.</summary>
    public readonly IPAddress Address(byte family) =>
        Value.Length == Prefixes.BytesOf(family)
            ? new IPAddress(Value)
            : throw new NetlinkFormatException($"an address of {Value.Length} bytes in a message of family {family}");

    public readonly AttributeReader Nested() => new(Value);
}
