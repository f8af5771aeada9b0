using System;
using System.Net;
using System.Text.Json;
using System.Threading;
using FastPath.Netns.Support;
using FastPath.Xdp.Netlink;
using Xunit;

namespace FastPath.Netns.Xdp.Netlink;

public sealed class KernelNeighborsTests
{
    private const ulong Mac = 0x02_00_00_00_00_77;

    [Theory]
    [InlineData("10.0.0.7")]
    [InlineData("fd00::7")]
    public void An_entry_is_written_read_and_deleted(string text)
    {
        using Pair pair = new();
        IPAddress address = IPAddress.Parse(text);

        pair.Netlink.Neighbors.Set(pair.Device, address, Mac);
        JsonElement shown = Assert.Single(pair.Left.IpJson("neigh", "show", text).EnumerateArray());
        Assert.Equal("02:00:00:00:00:77", shown.GetProperty("lladdr").GetString());
        Assert.Equal("PERMANENT", shown.GetProperty("state")[0].GetString());

        KernelNeighbor expected = new(pair.Device, address, Mac, NeighborStates.Permanent);
        Assert.Equal(expected, pair.Netlink.Neighbors.Find(pair.Device, address));
        Assert.Contains(expected, pair.Netlink.Neighbors.List(pair.Device));
        Assert.True(expected.IsUsable);

        pair.Netlink.Neighbors.Set(pair.Device, address, Mac + 1); // replaces
        Assert.Equal(Mac + 1, pair.Netlink.Neighbors.Find(pair.Device, address)!.Mac);

        pair.Netlink.Neighbors.Delete(pair.Device, address);
        Assert.Equal(0, pair.Left.IpJson("neigh", "show", text).GetArrayLength());
    }

    [Theory]
    [InlineData("10.0.0.2")]
    [InlineData("fd00::2")]
    public void Using_an_unknown_neighbor_makes_the_kernel_resolve_it(string text)
    {
        using Pair pair = new();
        IPAddress address = IPAddress.Parse(text);
        Assert.Null(pair.Netlink.Neighbors.Find(pair.Device, address));

        pair.Netlink.Neighbors.Use(pair.Device, address);

        KernelNeighbor resolved = pair.WaitFor(address, neighbor => neighbor.IsUsable);
        Assert.Equal(pair.PeerMac, resolved.Mac);
    }

    [Theory]
    [InlineData("10.0.0.2", "ipv4")]
    [InlineData("fd00::2", "ipv6")]
    public void Using_a_stale_neighbor_makes_the_kernel_refresh_it(string text, string family)
    {
        using Pair pair = new();
        IPAddress address = IPAddress.Parse(text);
        pair.Netlink.Neighbors.Set(pair.Device, address, pair.PeerMac, NeighborStates.Stale);
        // Probe at once instead of waiting five seconds for a sign of life.
        pair.Left.Run("sysctl", "-qw", $"net.{family}.neigh.port-l.delay_first_probe_time=0").OrFail();
        Assert.Equal(NeighborStates.Stale, pair.Netlink.Neighbors.Find(pair.Device, address)!.State);

        pair.Netlink.Neighbors.Use(pair.Device, address);

        pair.WaitFor(address, neighbor => neighbor.State == NeighborStates.Reachable);
    }

    [Fact]
    public void Using_a_permanent_neighbor_leaves_it_permanent()
    {
        using Pair pair = new();
        IPAddress address = IPAddress.Parse("10.0.0.9");
        pair.Netlink.Neighbors.Set(pair.Device, address, Mac);
        pair.Netlink.Neighbors.Use(pair.Device, address);
        Assert.Equal(new KernelNeighbor(pair.Device, address, Mac, NeighborStates.Permanent),
            pair.Netlink.Neighbors.Find(pair.Device, address));
    }

    [Fact]
    public void A_neighbor_that_does_not_answer_fails()
    {
        using Pair pair = new();
        IPAddress address = IPAddress.Parse("10.0.0.99");
        pair.Left.Run("sysctl", "-qw", "net.ipv4.neigh.port-l.retrans_time_ms=20").OrFail();
        pair.Netlink.Neighbors.Use(pair.Device, address);
        KernelNeighbor failed = pair.WaitFor(address, neighbor => neighbor.State == NeighborStates.Failed);
        Assert.False(failed.IsUsable);
        Assert.Null(failed.Mac);
    }

    /// <summary>Two namespaces with addresses of both families on one veth pair; the client is on the left.</summary>
    private sealed class Pair : IDisposable
    {
        private readonly Topology _topology = new();

        public Pair()
        {
            Left = _topology.Add("left");
            Space right = _topology.Add("right");
            Topology.Connect(Left, "port-l", right, "port-r");
            Netlink = Rtnetlink.Open(Left.Handle);
            Device = Netlink.Links.Require("port-l").Index;
            using Rtnetlink far = Rtnetlink.Open(right.Handle);
            KernelLink peer = far.Links.Require("port-r");
            PeerMac = peer.Mac!.Value;
            Netlink.Addresses.Add(Device, IPAddress.Parse("10.0.0.1"), 24);
            Netlink.Addresses.Add(Device, IPAddress.Parse("fd00::1"), 64);
            far.Addresses.Add(peer.Index, IPAddress.Parse("10.0.0.2"), 24);
            far.Addresses.Add(peer.Index, IPAddress.Parse("fd00::2"), 64);
        }

        public Space Left { get; }

        public Rtnetlink Netlink { get; }

        public int Device { get; }

        public ulong PeerMac { get; }

        public KernelNeighbor WaitFor(IPAddress address, Predicate<KernelNeighbor> fits)
        {
            KernelNeighbor? found = null;
            SpinWait.SpinUntil(
                () => (found = Netlink.Neighbors.Find(Device, address)) is { } now && fits(now),
                TimeSpan.FromSeconds(10));
            Assert.True(found != null && fits(found), $"the entry is {found}");
            return found!;
        }

        public void Dispose()
        {
            Netlink.Dispose();
            _topology.Dispose();
        }
    }
}
