using System;
using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>Neighbor solicitation or advertisement without options (RFC 4861 sections 4.3 and 4.4).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct NdMessage
{
    public const int Size = 24;
    public const uint SolicitedFlag = 1u << 30;
    public const uint OverrideFlag = 1u << 29;
    public const uint RouterFlag = 1u << 31;

    public IcmpHeader Icmp;
    public Ip6Address Target;
}

/// <summary>Link-layer address option (RFC 4861 section 4.6.1).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct NdLinkLayerOption
{
    public const int Size = 8;
    public const byte SourceType = 1;
    public const byte TargetType = 2;

    public byte Type;
    public byte LengthUnits;
    public MacAddress Address;
}

/// <summary>Walks the options of a neighbor discovery message.</summary>
public static class NdOptions
{
    /// <summary>
    /// Finds the first link-layer address option of a type. False when there is none or when an option has length zero
    /// or leaves the message: such a message must be dropped
    /// (RFC 4861 section 4.6); <paramref name="valid"/> tells which.
    /// </summary>
    public static bool TryFindLinkLayer(ReadOnlySpan<byte> options, byte type, out MacAddress address, out bool valid)
    {
        address = default;
        bool found = false;
        valid = true;
        while (!options.IsEmpty)
        {
            int length = options.Length < 2 ? 0 : options[1] * 8;
            if (length == 0 || length > options.Length)
            {
                valid = false;
                return false;
            }

            if (!found && options[0] == type && length == NdLinkLayerOption.Size)
            {
                address = Wire.Read<NdLinkLayerOption>(options).Address;
                found = true;
            }

            options = options[length..];
        }

        return found;
    }
}
