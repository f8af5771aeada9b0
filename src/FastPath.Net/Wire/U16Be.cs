using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>A 16-bit number in network order. Conversions swap; there is no way to forget.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct U16Be
{
    private readonly ushort _network;

    private U16Be(ushort network) => _network = network;

    public static implicit operator ushort(U16Be value) => BinaryPrimitives.ReverseEndianness(value._network);

    public static implicit operator U16Be(ushort value) => new(BinaryPrimitives.ReverseEndianness(value));
}
