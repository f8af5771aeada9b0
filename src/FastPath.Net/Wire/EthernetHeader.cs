using System.Runtime.InteropServices;

namespace FastPath.Net;

[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct EthernetHeader
{
    public const int Size = 14;

    public MacAddress Destination;
    public MacAddress Source;
    private U16Be _type;

    public EtherType Type
    {
        readonly get => (EtherType)(ushort)_type;
        set => _type = (ushort)value;
    }
}
