using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>Ethernet II header (IEEE 802.3 clause 3.2).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct EthernetHeader
{
    public const int Size = 14;

    public MacAddress Destination;
    public MacAddress Source;
    private U16Be _type;

    /// <summary>Protocol behind the header; values below 0x0600 are a length (IEEE 802.3).</summary>
    public EtherType Type
    {
        readonly get => (EtherType)(ushort)_type;
        set => _type = (ushort)value;
    }
}
