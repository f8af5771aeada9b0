using System;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Net;
using FastPath.Tests.Packets;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Engine;

/// <summary>What is remembered of next hops must never outlive what it was made from.</summary>
public sealed class RewriteCacheTests : IDisposable
{
    private const string MacOfLeft = "02:00:00:00:01:01";
    private const string MacOfRight = "02:00:00:00:01:02";
    private readonly SwitchBench _bench = new();
    private readonly MemoryPort _left;
    private readonly MemoryPort _right;

    public RewriteCacheTests()
    {
        _left = _bench.RoutedPort(MacOfLeft, 1500, "10.1.0.254/24", "fd00:1::fe/64");
        _right = _bench.RoutedPort(MacOfRight, 1500, "10.2.0.254/24", "fd00:2::fe/64");
        _bench.Route("10.9.0.0/16", AdjacencyKind.NextHop, _right.Index, via: "10.2.0.1");
        _bench.Route("10.8.0.0/16", AdjacencyKind.NextHop, _right.Index, via: "10.2.0.2");
        _bench.Route("fd00:9::/64", AdjacencyKind.NextHop, _right.Index, via: "fd00:2::1");
        _bench.Neighbor(_right.Index, "10.2.0.1", "02:00:00:00:00:21");
        _bench.Neighbor(_right.Index, "10.2.0.2", "02:00:00:00:00:22");
        _bench.Neighbor(_right.Index, "fd00:2::1", "02:00:00:00:00:61");
        _bench.Commit();
    }

    [Fact]
    public void Packets_to_several_next_hops_get_the_header_of_their_own()
    {
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal("02:00:00:00:00:21", DestinationOf("10.9.0.1"));
            Assert.Equal("02:00:00:00:00:22", DestinationOf("10.8.0.1"));
            Assert.Equal("02:00:00:00:00:61", DestinationOf("fd00:9::1"));
        }
    }

    [Fact]
    public void A_neighbor_that_changes_its_address_gets_the_next_packet_there()
    {
        Assert.Equal("02:00:00:00:00:21", DestinationOf("10.9.0.1"));
        _bench.Neighbor(_right.Index, "10.2.0.1", "02:00:00:00:00:99");
        Assert.Equal("02:00:00:00:00:99", DestinationOf("10.9.0.1"));
        Assert.Equal("02:00:00:00:00:22", DestinationOf("10.8.0.1"));
    }

    [Fact]
    public void A_neighbor_that_is_forgotten_is_asked_for_again()
    {
        Assert.Equal("02:00:00:00:00:21", DestinationOf("10.9.0.1"));
        Assert.True(_bench.State.Neighbors.Remove(NeighborKey.Of((ushort)_right.Index, Ip4Address.Parse("10.2.0.1"))));
        Assert.Equal("ff:ff:ff:ff:ff:ff", DestinationOf("10.9.0.1"));
        _bench.Wait(10);
        while (_right.TryTake(out _) || _left.TryTake(out _))
        {
        }
    }

    [Fact]
    public void A_new_generation_is_followed_at_once()
    {
        Assert.Equal("02:00:00:00:00:21", DestinationOf("10.9.0.1"));
        _bench.Route("10.9.0.0/24", AdjacencyKind.NextHop, _right.Index, via: "10.2.0.2");
        _bench.Commit();
        Assert.Equal("02:00:00:00:00:22", DestinationOf("10.9.0.1"));
        Assert.Equal("02:00:00:00:00:21", DestinationOf("10.9.1.1"));
    }

    [Fact]
    public void Hosts_on_a_connected_network_each_get_their_own_header()
    {
        for (int host = 1; host < 200; host++)
            _bench.Neighbor(_right.Index, $"10.2.0.{host}", $"02:00:00:00:01:{host:x2}");
        for (int round = 0; round < 2; round++)
        {
            for (int host = 1; host < 200; host++)
            {
                Assert.Equal($"02:00:00:00:01:{host:x2}", DestinationOf($"10.2.0.{host}"));
                Assert.Equal("02:00:00:00:01:01", DestinationOf("10.9.0.1"));
            }
        }

        _bench.Neighbor(_right.Index, "10.2.0.7", "02:00:00:00:00:99");
        Assert.Equal("02:00:00:00:00:99", DestinationOf("10.2.0.7"));
        Assert.Equal("02:00:00:00:01:08", DestinationOf("10.2.0.8"));
    }

    [Fact]
    public void More_next_hops_than_entries_take_turns()
    {
        for (int n = 0; n < 3000; n++)
        {
            _bench.Route($"10.{100 + (n >> 8)}.{n & 255}.0/24", AdjacencyKind.NextHop, _right.Index,
                via: $"10.2.0.{1 + (n % 2)}");
        }

        _bench.Commit();
        for (int n = 0; n < 3000; n += 7)
            Assert.Equal($"02:00:00:00:00:2{1 + (n % 2)}", DestinationOf($"10.{100 + (n >> 8)}.{n & 255}.9"));
    }

    public void Dispose() => _bench.Dispose();

    private string DestinationOf(string address)
    {
        byte[] packet = address.Contains(':', StringComparison.Ordinal)
            ? Eth(MacOfLeft) / Ip6("fd00:1::1", address) / Udp(1, 2)
            : Eth(MacOfLeft) / Ip4("10.1.0.1", address) / Udp(1, 2);
        _bench.Receive(_left, packet);
        byte[] sent = SwitchBench.Only(_right);
        Assert.Equal(MacOfRight, Wire.Read<EthernetHeader>(sent).Source.ToString());
        return Wire.Read<EthernetHeader>(sent).Destination.ToString();
    }
}
