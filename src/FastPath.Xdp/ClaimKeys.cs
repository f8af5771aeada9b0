using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastPath.Xdp;

/// <summary>Octets in network order.</summary>
[InlineArray(4)]
[Control]
internal struct Octets4
{
    private byte _first;
}

[InlineArray(8)]
[Control]
internal struct Octets8
{
    private byte _first;
}

[InlineArray(16)]
[Control]
internal struct Octets16
{
    private byte _first;
}

/// <summary>struct endpoint of xdp_uplink.bpf.c: address, port, two zero octets.</summary>
[Control]
internal struct VtepKey
{
    public Octets8 Octets;

    public VtepKey(IPEndPoint vtep)
    {
        vtep.Address.TryWriteBytes(Octets, out _);
        Octets[4] = (byte)(vtep.Port >> 8);
        Octets[5] = (byte)vtep.Port;
    }
}

/// <summary>struct mac of xdp_uplink.bpf.c: six octets, two zero octets.</summary>
[Control]
internal struct MacKey
{
    public Octets8 Octets;

    /// <param name="mac">48 bits, first octet most significant.</param>
    public MacKey(ulong mac)
    {
        for (int octet = 0; octet < 6; octet++)
            Octets[octet] = (byte)(mac >> (40 - (octet * 8)));
    }
}

/// <summary>Key of an LPM trie: bits that count, then the address.</summary>
[StructLayout(LayoutKind.Sequential)]
[Control]
internal struct Prefix4Key
{
    public uint Length;
    public Octets4 Octets;

    public Prefix4Key(IPNetwork prefix)
    {
        Length = (uint)prefix.PrefixLength;
        prefix.BaseAddress.TryWriteBytes(Octets, out _);
    }
}

/// <summary>Key of an LPM trie: bits that count, then the address.</summary>
[StructLayout(LayoutKind.Sequential)]
[Control]
internal struct Prefix6Key
{
    public uint Length;
    public Octets16 Octets;

    public Prefix6Key(IPNetwork prefix)
    {
        Length = (uint)prefix.PrefixLength;
        prefix.BaseAddress.TryWriteBytes(Octets, out _);
    }
}
