using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>Ethernet II header (IEEE 802.3 clause 3.2).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct EthernetHeader
{
    public const int Size = 14;

    /// <summary>Set in <see cref="DestinationBits"/> of a group address: the lowest bit of the first octet.</summary>
    public const ulong GroupBit = 1;

    private const ulong MacMask = 0xFFFF_FFFF_FFFF;

    public MacAddress Destination;
    public MacAddress Source;
    private U16Be _type;

    /// <summary>Protocol behind the header; values below 0x0600 are a length (IEEE 802.3).</summary>
    public EtherType Type
    {
        readonly get => (EtherType)(ushort)_type;
        set => _type = (ushort)value;
    }

    /// <summary>
    /// The destination as the machine reads it (<see cref="MacAddress.Bits"/>): one load, for keys and compares.
    /// </summary>
    // SAFETY: the header has 14 bytes; eight from its start or from octet 6 lie inside.
    public readonly ulong DestinationBits =>
        Unsafe.ReadUnaligned<ulong>(in Unsafe.As<MacAddress, byte>(ref Unsafe.AsRef(in Destination))) & MacMask;

    /// <summary>The source as the machine reads it.</summary>
    public readonly ulong SourceBits =>
        Unsafe.ReadUnaligned<ulong>(in Unsafe.As<MacAddress, byte>(ref Unsafe.AsRef(in Source))) & MacMask;
}
