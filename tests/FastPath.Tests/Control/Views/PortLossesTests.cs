using System;
using System.Collections.Generic;
using System.Linq;
using FastPath.Api;
using FastPath.Control.Views;
using FastPath.Dataplane.Ports;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Tests.Control.Views;

public sealed class PortLossesTests
{
    [Fact]
    public void What_a_port_lost_is_among_the_drops_under_its_name()
    {
        List<DropView> drops = [];
        PortLosses.AddTo(drops, "ports/a", new Dictionary<string, ulong>
        {
            ["rxPackets"] = 9,
            ["kernelRxDropped"] = 7,
            ["txDeviceDropped"] = 2,
            ["kernelRxRingFull"] = 0,
        });

        Assert.Equal([("ports/a", "kernelRxDropped", 7UL), ("ports/a", "txDeviceDropped", 2UL)],
            drops.Select(drop => (drop.Node, drop.Reason, drop.Packets)));
    }

    [Fact]
    public void Every_loss_is_a_counter_that_ports_have()
    {
        IEnumerable<string> counters = Enum.GetNames<PortCounter>().Select(Names.Camel)
            .Concat(typeof(XdpStatistics).GetFields().Select(field => "kernel" + field.Name));

        Assert.Empty(PortLosses.All.Select(loss => loss.Counter).Except(counters));
    }
}
