using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>A 32-bit number in network order. Conversions swap.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct U32Be
{
    private readonly uint _network;

    private U32Be(uint network) => _network = network;

    /// <summary>The four bytes as the machine reads them.</summary>
    internal uint Network => _network;

    /// <summary>The first byte on the wire: the lowest as a little-endian machine reads it.</summary>
    internal byte First => (byte)_network;

    public static implicit operator uint(U32Be value) => BinaryPrimitives.ReverseEndianness(value._network);

    public static implicit operator U32Be(uint value) => new(BinaryPrimitives.ReverseEndianness(value));
}
