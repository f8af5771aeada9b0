using System.Runtime.InteropServices;

namespace FastPath.Xdp.Interop;

/// <summary>Numbers of include/uapi/linux/{ethtool,sockios}.h, checked against native/abi.c.</summary>
internal static class EthtoolAbi
{
    public const uint SIOCETHTOOL = 0x8946;
    public const uint ETHTOOL_GSSET_INFO = 0x37;
    public const uint ETHTOOL_GSTRINGS = 0x1b;
    public const uint ETHTOOL_GFEATURES = 0x3a;
    public const uint ETHTOOL_SFEATURES = 0x3b;
    public const uint ETHTOOL_GCHANNELS = 0x3c;
    public const int ETH_SS_FEATURES = 4;
    public const int ETH_GSTRING_LEN = 32;
    public const int IFNAMSIZ = 16;
}

/// <summary>struct ifreq as ethtool uses it: a name and a pointer, 40 bytes with the rest of its union.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IfReq
{
    public DeviceNameBytes Name;
    public nint Data;
    private readonly ulong _union1;
    private readonly ulong _union2;
}

/// <summary>char[IFNAMSIZ], zero-terminated.</summary>
[System.Runtime.CompilerServices.InlineArray(EthtoolAbi.IFNAMSIZ)]
internal struct DeviceNameBytes
{
    private byte _first;
}

/// <summary>Head of struct ethtool_sset_info; the count of each string set asked for follows, 32 bits each.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EthtoolSsetInfo
{
    public uint Command;
    public uint Reserved;
    public ulong Mask;
}

/// <summary>Head of struct ethtool_gstrings; the strings follow, ETH_GSTRING_LEN bytes each.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EthtoolGstrings
{
    public uint Command;
    public uint StringSet;
    public uint Length;
}

/// <summary>Head of struct ethtool_gfeatures; the blocks follow.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EthtoolGfeatures
{
    public uint Command;
    public uint Size;
}

/// <summary>struct ethtool_get_features_block: 32 features, one bit each.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EthtoolGetFeaturesBlock
{
    public uint Available;
    public uint Requested;
    public uint Active;
    public uint NeverChanged;
}

/// <summary>Head of struct ethtool_sfeatures; the blocks follow.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EthtoolSfeatures
{
    public uint Command;
    public uint Size;
}

/// <summary>struct ethtool_set_features_block: which of 32 features to change, and to what.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EthtoolSetFeaturesBlock
{
    public uint Valid;
    public uint Requested;
}

/// <summary>struct ethtool_channels.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EthtoolChannels
{
    public uint Command;
    public uint MaxRx;
    public uint MaxTx;
    public uint MaxOther;
    public uint MaxCombined;
    public uint Rx;
    public uint Tx;
    public uint Other;
    public uint Combined;
}
