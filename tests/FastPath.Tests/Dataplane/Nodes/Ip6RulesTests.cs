using FastPath.Dataplane.Telemetry;
using FastPath.Tests.Packets;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Nodes;

public sealed class Ip6RulesTests
{
    /// <summary>RFC 4861 section 7.1.2: a solicited advertisement goes to one station.</summary>
    [Fact]
    public void A_solicited_advertisement_to_a_group_is_dropped()
    {
        using Yard yard = new();
        foreach (uint flags in new uint[] { 0x6000_0000, 0x2000_0000 })
            yard.Bench.Receive(yard.One, Eth("33:33:00:00:00:01", MacB) / Ip6("fd00:1::9", "ff02::1", hops: 255)
                / Nd(136, "fd00:1::9", MacB, flags));
        Assert.Equal(1, yard.Bench.Dropped(DropReason.BadNeighborDiscovery));
        Assert.Equal(1UL, yard.Bench.Worker.Counters[Counter.Consumed]);
    }

    /// <summary>RFC 4443 section 2.4 e.2.</summary>
    [Fact]
    public void No_error_is_sent_about_a_redirect()
    {
        using Yard yard = new();
        yard.Bench.Receive(yard.One, Eth(Yard.Mac1, MacA) / Ip6("fd00:1::9", "2001:db8::1")
            / Icmp6(137, body: new byte[32]));
        SwitchBench.Nothing(yard.One);
        yard.Bench.Receive(yard.One, Eth(Yard.Mac1, MacA) / Ip6("fd00:1::9", "2001:db8::1") / Icmp6(128));
        SwitchBench.Only(yard.One);
    }
}
