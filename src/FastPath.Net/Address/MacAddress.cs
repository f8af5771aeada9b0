using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>A 48-bit MAC address as it lies on the wire.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct MacAddress
{
    private readonly U16Be _high;
    private readonly U16Be _middle;
    private readonly U16Be _low;

    private MacAddress(ulong value)
    {
        _high = (ushort)(value >> 32);
        _middle = (ushort)(value >> 16);
        _low = (ushort)value;
    }

    public ulong Value => ((ulong)(ushort)_high << 32) | ((uint)(ushort)_middle << 16) | _low;

    public static MacAddress FromValue(ulong value) => new(value);
}
