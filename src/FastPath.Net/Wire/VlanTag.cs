using System;
using System.Runtime.InteropServices;

namespace FastPath.Net;

/// <summary>802.1Q tag as it follows the tag's EtherType (IEEE 802.1Q clause 9.6).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct VlanTag
{
    public const int Size = 4;

    private U16Be _control;
    private U16Be _type;

    /// <summary>VLAN identifier, 0..4095; 0 is a priority tag.</summary>
    public readonly int Vid => _control & 0xFFF;

    /// <summary>Priority code point, 0..7.</summary>
    public readonly int Pcp => _control >> 13;

    /// <summary>Drop eligible indicator.</summary>
    public readonly bool Dei => (_control & 0x1000) != 0;

    /// <summary>Protocol behind the tag.</summary>
    public EtherType Type
    {
        readonly get => (EtherType)(ushort)_type;
        set => _type = (ushort)value;
    }

    public static VlanTag Of(int vid, int pcp, EtherType type) =>
        new() { _control = (ushort)((pcp << 13) | (vid & 0xFFF)), _type = (ushort)type };
}

/// <summary>Finds what a frame carries behind its tags.</summary>
public static class VlanTags
{
    /// <summary>Tags walked at most: a customer's inside a provider's (IEEE 802.1ad); a third is payload.</summary>
    public const int TagsMax = 2;

    /// <summary>
    /// Where the payload of an Ethernet frame starts, and its protocol. False when the frame ends inside its header or
    /// a tag; true says that <paramref name="offset"/> is within the frame, not that there is a payload.
    /// </summary>
    public static bool TryFindPayload(ReadOnlySpan<byte> frame, out int offset, out EtherType type)
    {
        offset = EthernetHeader.Size;
        type = default;
        if (frame.Length < offset)
            return false;
        type = Wire.Read<EthernetHeader>(frame).Type;
        for (int tags = 0; tags < TagsMax && type is (EtherType.Vlan or EtherType.QinQ); tags++)
        {
            if (frame.Length < offset + VlanTag.Size)
                return false;
            type = Wire.Read<VlanTag>(frame[offset..]).Type;
            offset += VlanTag.Size;
        }

        return true;
    }
}
