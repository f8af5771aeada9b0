using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>VXLAN header (RFC 7348 section 5).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct VxlanHeader
{
    public const int Size = 8;

    /// <summary>UDP port assigned to VXLAN.</summary>
    public const ushort Port = 4789;

    /// <summary>First word of a header whose VNI is valid: the I flag.</summary>
    public const uint ValidVni = 0x0800_0000;

    private U32Be _flags;
    private U32Be _vniAndReserved;

    /// <summary>
    /// Whether the I flag is set; without it the VNI means nothing. Reserved bits are ignored on receipt.
    /// </summary>
    public readonly bool HasVni => (_flags & ValidVni) != 0;

    /// <summary>VXLAN network identifier, 0..16,777,215.</summary>
    public readonly uint Vni => _vniAndReserved >> 8;

    public static VxlanHeader Of(uint vni) => new() { _flags = ValidVni, _vniAndReserved = vni << 8 };
}
