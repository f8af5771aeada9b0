using System;

namespace FastPath.Tests.Packets;

/// <summary>One header of a packet under construction, or all of them: layers are joined by "/".</summary>
public sealed class Layer(Func<byte[], Layer?, byte[]> write, byte? protocol = null, ushort? etherType = null)
{
    private Layer? _inner;
    private Layer? _outer;

    /// <summary>IP protocol number of this layer when it stands behind an IP header.</summary>
    public byte? Protocol { get; } = protocol;

    /// <summary>EtherType of this layer when it stands behind an Ethernet header.</summary>
    public ushort? EtherType { get; } = etherType;

    public Layer? Inner => _inner;

    public Layer? Outer => _outer;

    /// <summary>Puts a layer behind the innermost one.</summary>
    public static Layer operator /(Layer outer, Layer inner)
    {
        Layer last = outer;
        while (last._inner != null)
            last = last._inner;
        last._inner = inner;
        inner._outer = last;
        return outer;
    }

    public static implicit operator byte[](Layer layer) => layer.ToBytes();

    public byte[] ToBytes()
    {
        byte[] payload = _inner?.ToBytes() ?? [];
        return write(payload, _inner);
    }
}
