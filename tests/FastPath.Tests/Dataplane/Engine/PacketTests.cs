using FastPath.Dataplane.Engine;
using Xunit;

namespace FastPath.Tests.Dataplane.Engine;

public sealed unsafe class PacketTests
{
    [Fact]
    public void Is_32_bytes_two_to_a_cache_line() => Assert.Equal(32, sizeof(Packet));

    [Fact]
    public void A_received_packet_has_what_the_port_knows_and_nothing_of_the_one_before()
    {
        Packet packet = default;
        new System.Span<byte>(&packet, sizeof(Packet)).Fill(0xFF);
        Packet.WriteReceived(&packet, 0x3_0000_1F80, 256, 60_000, 7);
        Assert.Equal(0x3_0000_1F80UL, packet.Frame.Value);
        Assert.Equal((256, 60_000, 7), (packet.Offset, packet.Length, packet.RxPort));
        Packet rest = packet;
        rest.Frame = default;
        rest.Offset = rest.Length = rest.RxPort = 0;
        Assert.Equal(default, rest);
    }

    [Fact]
    public void Begins_at_its_network_header_and_keeps_everything_else()
    {
        Packet packet = new()
        {
            Offset = 1,
            Length = 2,
            L3Offset = 3,
            L4Offset = 4,
            RxPort = 5,
            Flags = PacketFlags.LinkMulticast,
        };
        packet.SetNetwork(270, 60_000, 290);
        Assert.Equal((270, 60_000, 270, 290), (packet.Offset, packet.Length, packet.L3Offset, packet.L4Offset));
        Assert.Equal((5, PacketFlags.LinkMulticast), (packet.RxPort, packet.Flags));
    }
}
