using System;
using System.Net;
using CsCheck;
using FastPath.Net;
using PacketDotNet;
using PacketDotNet.Utils;
using Xunit;

namespace FastPath.Tests.Net;

public sealed class NdMessageTests
{
    [Fact]
    public void Another_library_reads_a_solicitation_as_it_was_written() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong[0, 0xFFFF_FFFF_FFFF]).Sample((high, low, mac) =>
        {
            byte[] bytes = new byte[NdMessage.Size + NdLinkLayerOption.Size];
            Wire.Header<NdMessage>(bytes) = new NdMessage
            {
                Icmp = new IcmpHeader { Type = Icmp6.NeighborSolicitation },
                Target = new Ip6Address(high, low),
            };
            Wire.Header<NdLinkLayerOption>(bytes.AsSpan(NdMessage.Size)) = new NdLinkLayerOption
            {
                Type = NdLinkLayerOption.SourceType,
                LengthUnits = 1,
                Address = MacAddress.FromValue(mac),
            };
            NdpNeighborSolicitationPacket theirs = new(new ByteArraySegment(bytes));
            Assert.Equal(new IPAddress(bytes[8..24]), theirs.TargetAddress);
            Assert.Single(theirs.OptionsCollection);
            Assert.True(NdOptions.TryFindLinkLayer(bytes.AsSpan(NdMessage.Size), NdLinkLayerOption.SourceType,
                out MacAddress found, out bool valid));
            Assert.True(valid);
            Assert.Equal(mac, found.Value);
        });

    [Theory]
    [InlineData("", false, true)]
    [InlineData("01 01 02 00 00 00 00 01", true, true)]
    [InlineData("05 01 00 00 00 00 05 DC 01 01 02 00 00 00 00 01", true, true)] // behind an MTU option
    [InlineData("02 01 02 00 00 00 00 01", false, true)] // the target's, not the source's
    [InlineData("01 02 02 00 00 00 00 01 00 00 00 00 00 00 00 00", false, true)] // another link layer's address
    [InlineData("01 00 02 00 00 00 00 01", false, false)] // length zero
    [InlineData("01 01 02 00 00 00 00", false, false)] // cut
    [InlineData("01", false, false)]
    [InlineData("01 01 02 00 00 00 00 01 05 00", false, false)] // found, but malformed behind it: all of it is dropped
    public void Options_are_walked_strictly(string hex, bool found, bool valid)
    {
        bool result = NdOptions.TryFindLinkLayer(Packets.PacketBuilder.Hex(hex), NdLinkLayerOption.SourceType,
            out MacAddress mac, out bool isValid);
        Assert.Equal((found, valid), (result, isValid));
        if (found)
            Assert.Equal("02:00:00:00:00:01", mac.ToString());
    }

    [Fact]
    public void Any_bytes_are_walked_to_an_end() => Gen.Byte.Array[0, 64].Sample(options =>
    {
        bool found = NdOptions.TryFindLinkLayer(options, NdLinkLayerOption.TargetType, out _, out bool valid);
        Assert.True(valid || !found);
    });

    [Fact]
    public void The_flags_are_the_first_bits_of_the_word_behind_the_checksum()
    {
        NdMessage message = new()
        {
            Icmp =
            new IcmpHeader { Rest = NdMessage.RouterFlag | NdMessage.SolicitedFlag | NdMessage.OverrideFlag }
        };
        Assert.Equal(0xE0, Wire.Bytes(ref message)[4]);
    }
}
