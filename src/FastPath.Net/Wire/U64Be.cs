using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>A 64-bit number in network order. Conversions swap.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct U64Be
{
    private readonly ulong _network;

    private U64Be(ulong network) => _network = network;

    public static implicit operator ulong(U64Be value) => BinaryPrimitives.ReverseEndianness(value._network);

    public static implicit operator U64Be(ulong value) => new(BinaryPrimitives.ReverseEndianness(value));
}
