using System;
using FastPath.Net;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Net;

public sealed class EcnTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(0xB9)]
    public void A_mark_goes_into_both_families_and_behind_tags_with_a_right_checksum(byte tos)
    {
        byte marked = (byte)(tos | 3);
        byte[] frame = Eth() / Ip4("10.0.0.1", "10.0.0.2", tos: tos) / Udp(1, 2);
        Assert.True(Ecn.TryMark(frame));
        Assert.Equal((byte[])(Eth() / Ip4("10.0.0.1", "10.0.0.2", tos: marked) / Udp(1, 2)), frame);

        byte[] tagged = Eth() / Vlan(5) / Ip4("10.0.0.1", "10.0.0.2", tos: tos) / Udp(1, 2);
        Assert.True(Ecn.TryMark(tagged));
        Assert.Equal((byte[])(Eth() / Vlan(5) / Ip4("10.0.0.1", "10.0.0.2", tos: marked) / Udp(1, 2)), tagged);

        byte[] six = WithClass(tos);
        Assert.True(Ecn.TryMark(six));
        Assert.Equal(WithClass(marked), six);
    }

    [Fact]
    public void A_packet_whose_sender_knows_no_marks_is_refused_and_left_alone()
    {
        byte[] frame = Eth() / Ip4("10.0.0.1", "10.0.0.2", tos: 0xB8) / Udp(1, 2);
        byte[] before = [.. frame];
        Assert.False(Ecn.TryMark(frame));
        Assert.Equal(before, frame);
        Assert.False(Ecn.TryMark(WithClass(0xB8)));
    }

    [Fact]
    public void What_is_not_IP_or_cut_passes_as_it_is()
    {
        Assert.True(Ecn.TryMark((byte[])(Eth() / Arp(1, MacA, "10.0.0.1", MacB, "10.0.0.2"))));
        byte[] frame = Eth() / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2);
        for (int length = 0; length < 14 + 20; length++)
            Assert.True(Ecn.TryMark(frame.AsSpan(0, length)));
        for (int length = 0; length < 14 + 40; length++)
            Assert.True(Ecn.TryMark(WithClass(0).AsSpan(0, length)));
    }

    /// <summary>An IPv6 frame with a traffic class.</summary>
    private static byte[] WithClass(byte value)
    {
        byte[] frame = Eth() / Ip6("fd00::1", "fd00::2") / Udp(1, 2);
        frame[14] |= (byte)(value >> 4);
        frame[15] |= (byte)(value << 4);
        return frame;
    }
}
