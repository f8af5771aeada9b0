using System;
using CsCheck;
using FastPath.Net;
using PacketDotNet;
using PacketDotNet.Utils;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Net;

public sealed class VlanTagTests
{
    [Fact]
    public void Another_library_reads_what_it_writes() =>
        Gen.Select(Gen.Int[0, 4095], Gen.Int[0, 7], Gen.UShort).Sample((vid, pcp, type) =>
        {
            VlanTag ours = VlanTag.Of(vid, pcp, (EtherType)type);
            Ieee8021QPacket theirs = new(new ByteArraySegment(Wire.Bytes(ref ours).ToArray()));
            Assert.Equal(vid, theirs.VlanIdentifier);
            Assert.Equal(pcp, (int)theirs.PriorityControlPoint);
            Assert.Equal(type, (ushort)theirs.Type);
        });

    [Fact]
    public void Every_bit_of_the_control_word_has_one_meaning() => Gen.UShort.Sample(control =>
    {
        VlanTag tag = Wire.Read<VlanTag>([(byte)(control >> 8), (byte)control, 8, 0]);
        Assert.Equal(control, (tag.Pcp << 13) | (tag.Dei ? 0x1000 : 0) | tag.Vid);
    });

    [Theory]
    [InlineData(0, 14, EtherType.Ip4)]
    [InlineData(1, 18, EtherType.Ip4)]
    [InlineData(2, 22, EtherType.Ip4)]
    [InlineData(3, 22, EtherType.Vlan)]
    public void The_payload_is_found_behind_two_tags_at_most(int tags, int offset, EtherType type)
    {
        byte[] frame = [.. ((byte[])Eth())[..12], .. Repeat([0x81, 0, 0, 5], tags), 8, 0, 0x45];
        Assert.True(VlanTags.TryFindPayload(frame, out int found, out EtherType foundType));
        Assert.Equal(offset, found);
        Assert.Equal(type, foundType);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    [InlineData(17)]
    [InlineData(21)]
    public void A_frame_that_ends_in_a_tag_has_no_payload(int length)
    {
        byte[] frame = [.. ((byte[])Eth())[..12], 0x88, 0xA8, 0, 5, 0x81, 0, 0, 6, 8, 0];
        Assert.False(VlanTags.TryFindPayload(frame.AsSpan(0, length), out _, out _));
        Assert.True(VlanTags.TryFindPayload(frame, out int offset, out EtherType type));
        Assert.Equal((22, EtherType.Ip4), (offset, type));
    }

    [Fact]
    public void No_bytes_lead_outside_the_frame() => Gen.Byte.Array[0, 40].Sample(frame =>
    {
        if (VlanTags.TryFindPayload(frame, out int offset, out _))
            Assert.InRange(offset, EthernetHeader.Size, frame.Length);
    });

    private static byte[] Repeat(byte[] bytes, int times)
    {
        byte[] all = [];
        for (int n = 0; n < times; n++)
            all = [.. all, .. bytes];
        return all;
    }
}
