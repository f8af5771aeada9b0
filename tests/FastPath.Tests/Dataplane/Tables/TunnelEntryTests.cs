using System.Collections.Generic;
using FastPath.Dataplane.Tables;
using FastPath.Net;
using Xunit;

namespace FastPath.Tests.Dataplane.Tables;

public sealed class TunnelEntryTests
{
    private static readonly TunnelEntry s_tunnel = new() { Remote = Ip4Address.Parse("192.0.2.2") };

    [Fact]
    public void A_remote_end_on_a_connected_network_gets_a_next_hop_of_its_own()
    {
        List<Adjacency> adjacencies = [default, new Adjacency { Kind = AdjacencyKind.Connected, Port = 3, Mtu = 1400 }];
        TunnelEntry tunnel = s_tunnel.Toward(Fib4.Build([(Ip4Address.Parse("192.0.2.0"), 24, 1)]), adjacencies);
        Assert.Equal(2, tunnel.Adjacency);
        Assert.Equal(new Adjacency { Kind = AdjacencyKind.NextHop, Port = 3, Mtu = 1400, NextHop4 = s_tunnel.Remote },
            adjacencies[2]);
    }

    [Fact]
    public void A_remote_end_behind_a_next_hop_or_nowhere_takes_what_the_route_says()
    {
        List<Adjacency> adjacencies = [default, new Adjacency { Kind = AdjacencyKind.NextHop, Port = 3 }];
        Assert.Equal(1, s_tunnel.Toward(Fib4.Build([(default, 0, 1)]), adjacencies).Adjacency);
        Assert.Equal(0, s_tunnel.Toward(Fib4.Empty, adjacencies).Adjacency);
        Assert.Equal(2, adjacencies.Count);
    }
}
