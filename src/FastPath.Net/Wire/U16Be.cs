using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>A 16-bit number in network order. Conversions swap; there is no way to forget.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct U16Be
{
    private readonly ushort _network;

    private U16Be(ushort network) => _network = network;

    /// <summary>The two bytes as the machine reads them, for sums that do not depend on order.</summary>
    internal ushort Network => _network;

    internal static U16Be OfNetwork(ushort network) => new(network);

    public static implicit operator ushort(U16Be value) => BinaryPrimitives.ReverseEndianness(value._network);

    public static implicit operator U16Be(ushort value) => new(BinaryPrimitives.ReverseEndianness(value));
}
