using System;
using System.Buffers.Binary;
using System.Net;
using System.Text;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp.Netlink;

/// <summary>Composes one request: header, the family's struct, attributes. Grows as needed.</summary>
[Control]
internal sealed class NetlinkWriter
{
    private byte[] _bytes = new byte[512];
    private int _length = NetlinkBytes.SizeOf<NlMsgHdr>();

    public NetlinkWriter(ushort type, ushort flags)
    {
        Type = type;
        Flags = flags;
    }

    public ushort Type { get; }

    public ushort Flags { get; }

    /// <summary>A nested attribute that is open; closing it writes its length.</summary>
    public readonly record struct Nest(int Start);

    public NetlinkWriter Struct<T>(in T value) where T : unmanaged
    {
        NetlinkBytes.Write(Take(NetlinkBytes.SizeOf<T>()), in value);
        return this;
    }

    public NetlinkWriter Bytes(ushort type, ReadOnlySpan<byte> value)
    {
        Nest attribute = Open(type);
        value.CopyTo(Take(value.Length));
        Close(attribute);
        return this;
    }

    public NetlinkWriter UInt32(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        NetlinkBytes.Write(bytes, in value);
        return Bytes(type, bytes);
    }

    public NetlinkWriter Int32(ushort type, int value) => UInt32(type, (uint)value);

    public NetlinkWriter Text(ushort type, string value) => Bytes(type, Encoding.UTF8.GetBytes(value + '\0'));

    public NetlinkWriter Mac(ushort type, ulong value)
    {
        Span<byte> bytes = stackalloc byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], (uint)value);
        return Bytes(type, bytes);
    }

    public NetlinkWriter Address(ushort type, IPAddress value) => Bytes(type, value.GetAddressBytes());

    /// <summary>Starts a nested attribute.</summary>
    public Nest Open(ushort type)
    {
        Nest nest = new(_length);
        Struct(new RtAttr { Type = type });
        return nest;
    }

    public void Close(Nest nest)
    {
        Span<byte> header = _bytes.AsSpan(nest.Start);
        RtAttr attribute = NetlinkBytes.Read<RtAttr>(header);
        int length = _length - nest.Start;
        attribute.Length = checked((ushort)length);
        NetlinkBytes.Write(header, in attribute);
        Take(NetlinkBytes.Align(length) - length).Clear();
    }

    /// <summary>The whole message with its header.</summary>
    public ReadOnlySpan<byte> Finish(uint sequence)
    {
        NlMsgHdr header = new() { Length = (uint)_length, Type = Type, Flags = Flags, Sequence = sequence };
        NetlinkBytes.Write(_bytes, in header);
        return _bytes.AsSpan(0, _length);
    }

    private Span<byte> Take(int length)
    {
        if (_length + length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + length));
        Span<byte> taken = _bytes.AsSpan(_length, length);
        _length += length;
        return taken;
    }
}
