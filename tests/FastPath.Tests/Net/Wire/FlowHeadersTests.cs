using CsCheck;
using FastPath.Net;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Net;

public sealed class FlowHeadersTests
{
    [Fact]
    public void Whatever_the_bytes_the_short_way_gives_the_hash_of_the_long_one_or_none() =>
        Gen.Byte.Array[38, 80].Sample(bytes =>
        {
            // Half of the samples look like IPv4 with UDP, so that the short way is taken.
            if (bytes[0] % 2 == 0)
            {
                (bytes[12], bytes[13], bytes[14], bytes[20], bytes[21], bytes[23]) =
                    (8, 0, 0x45, (byte)(bytes[20] & 0x40), 0, 17);
                Assert.True(FlowHash.TryOfPlain(ref Wire.Header<FlowHeaders>(bytes), bytes.Length, out _));
            }

            if (FlowHash.TryOfPlain(ref Wire.Header<FlowHeaders>(bytes), bytes.Length, out uint hash))
                Assert.Equal(FlowHash.Of(bytes), hash);
        });

    [Fact]
    public void Options_fragments_tags_and_protocols_without_ports_take_the_long_way()
    {
        byte[][] frames =
        [
            Eth() / Ip4("10.0.0.1", "10.0.0.2", options: [1, 1, 1, 1]) / Udp(1, 2),
            Eth() / Ip4("10.0.0.1", "10.0.0.2", df: false, more: true) / Udp(1, 2),
            Eth() / Ip4("10.0.0.1", "10.0.0.2", df: false, offset: 64) / Udp(1, 2),
            Eth() / Vlan(5) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2),
            Eth() / Ip4("10.0.0.1", "10.0.0.2") / Icmp4(8),
            Eth() / Ip6("fd00::1", "fd00::2") / Udp(1, 2),
        ];
        Assert.All(frames, frame =>
            Assert.False(FlowHash.TryOfPlain(ref Wire.Header<FlowHeaders>(frame), frame.Length, out _)));
        byte[] plain = Eth() / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2);
        Assert.False(FlowHash.TryOfPlain(ref Wire.Header<FlowHeaders>(plain), FlowHeaders.Size - 1, out _));
    }
}
