using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Telemetry;
using FastPath.Tests.Packets;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Nodes;

public sealed class LinkBroadcastTests
{
    /// <summary>RFC 1812 section 5.3.4. What is for us is taken in: the kernel does the same.</summary>
    [Theory]
    [InlineData("ff:ff:ff:ff:ff:ff")]
    [InlineData("01:00:5e:00:00:01")]
    [InlineData("33:33:00:00:00:01")]
    public void A_unicast_packet_in_a_broadcast_of_the_link_is_not_forwarded(string group)
    {
        using Yard yard = new();
        yard.Bench.Receive(yard.One, Eth(Yard.Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.9") / Udp(1, 2));
        SwitchBench.Only(yard.Two); // the way is at hand now
        foreach (MemoryPort from in new[] { yard.One, yard.A })
        {
            yard.Bench.Receive(from, Eth(group, MacA) / Ip4("10.1.0.9", "10.2.0.9") / Udp(1, 2));
            yard.Bench.Receive(from, Eth(group, MacA) / Ip6("fd00:1::9", "fd00:2::9") / Udp(1, 2));
        }

        SwitchBench.Nothing(yard.Two);
        Assert.Equal(4, yard.Bench.Dropped(DropReason.NotRouted));
        yard.Bench.Receive(yard.One, Eth(group, MacA) / Ip4("10.1.0.9", "10.1.0.1") / Udp(1, 2));
        SwitchBench.Only(yard.Host);
        yard.Bench.Receive(yard.One, Eth(group, MacA) / Ip6("fd00:1::9", "fd00:1::1") / Udp(1, 2));
        SwitchBench.Only(yard.Host);
    }
}
