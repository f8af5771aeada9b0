using System;
using System.Linq;
using System.Net;
using System.Threading;
using FastPath.Netns.Support;
using FastPath.Xdp.Netlink;
using Xunit;

namespace FastPath.Netns.Xdp.Netlink;

public sealed class RtnetlinkMonitorTests
{
    [Fact]
    public void A_device_that_goes_up_and_down_is_reported()
    {
        using Watched host = new(RtnetlinkGroups.Links);
        host.Space.Ip("link", "set", "port-a", "down");
        host.Events.WaitFor<LinkChanged>(e => host.Is(e.Link) && !e.Link.IsAdminUp && !e.Link.HasCarrier, "down");
        host.Events.Clear();
        host.Space.Ip("link", "set", "port-a", "up");
        host.Events.WaitFor<LinkChanged>(e => host.Is(e.Link) && e.Link.IsUp, "up");
    }

    [Fact]
    public void A_device_whose_other_end_goes_down_loses_its_carrier()
    {
        using Watched host = new(RtnetlinkGroups.Links);
        host.Container.Ip("link", "set", "eth0", "down");
        LinkChanged lost = host.Events.WaitFor<LinkChanged>(e => host.Is(e.Link) && !e.Link.HasCarrier, "no carrier");
        Assert.True(lost.Link.IsAdminUp);
        Assert.False(lost.Link.IsUp);
    }

    [Fact]
    public void A_changed_mtu_name_and_mac_are_reported()
    {
        using Watched host = new(RtnetlinkGroups.Links);
        host.Space.Ip("link", "set", "port-a", "mtu", "1400");
        host.Events.WaitFor<LinkChanged>(e => host.Is(e.Link) && e.Link.Mtu == 1400, "MTU 1400");
        host.Space.Ip("link", "set", "port-a", "address", "02:00:00:00:00:55");
        host.Events.WaitFor<LinkChanged>(e => host.Is(e.Link) && e.Link.Mac == 0x02_00_00_00_00_55, "new MAC address");
        host.Space.Ip("link", "set", "port-a", "down");
        host.Space.Ip("link", "set", "port-a", "name", "port-b");
        host.Events.WaitFor<LinkChanged>(e => e.Link.Index == host.Index && e.Link.Name == "port-b", "new name");
    }

    [Fact]
    public void A_removed_device_is_reported_as_gone_and_not_moved()
    {
        using Watched host = new(RtnetlinkGroups.Links);
        host.Container.Ip("link", "del", "eth0");
        Assert.False(host.Events.WaitFor<LinkRemoved>(e => host.Is(e.Link), "removed").HasMoved);
    }

    [Fact]
    public void A_device_that_moves_away_is_reported_as_moved()
    {
        using Watched host = new(RtnetlinkGroups.Links);
        host.Space.Ip("link", "set", "port-a", "netns", host.Container.Name);
        Assert.True(host.Events.WaitFor<LinkRemoved>(e => host.Is(e.Link), "moved away").HasMoved);
    }

    [Fact]
    public void A_device_that_comes_is_reported()
    {
        using Watched host = new(RtnetlinkGroups.Links);
        host.Space.Ip("link", "add", "port-b", "type", "veth", "peer", "name", "eth1", "netns", host.Container.Name);
        host.Events.WaitFor<LinkChanged>(e => e.Link.Name == "port-b" && e.Link.Kind == "veth", "port-b");
    }

    [Fact]
    public void A_port_that_leaves_a_bridge_is_not_reported_as_gone()
    {
        using Watched host = new(RtnetlinkGroups.Links);
        host.Space.Ip("link", "add", "br0", "type", "bridge");
        host.Space.Ip("link", "set", "port-a", "master", "br0");
        int bridge = host.Events.WaitFor<LinkChanged>(e => e.Link.Name == "br0", "the bridge").Link.Index;
        host.Events.WaitFor<LinkChanged>(e => host.Is(e.Link) && e.Link.Master == bridge, "in the bridge");
        host.Space.Ip("link", "set", "port-a", "nomaster");
        host.Space.Ip("link", "set", "port-a", "mtu", "1400"); // comes after the rest
        host.Events.WaitFor<LinkChanged>(e => host.Is(e.Link) && e.Link is { Mtu: 1400, Master: 0 }, "on its own");
        Assert.DoesNotContain(host.Events.Snapshot().OfType<LinkRemoved>(), e => host.Is(e.Link));
    }

    [Fact]
    public void Addresses_and_routes_that_come_and_go_are_reported()
    {
        using Watched host = new(RtnetlinkGroups.Addresses | RtnetlinkGroups.Routes);
        host.Space.Ip("addr", "add", "10.0.0.1/24", "dev", "port-a");
        host.Space.Ip("addr", "add", "fd00::1/64", "dev", "port-a", "nodad");
        host.Space.Ip("route", "add", "10.9.0.0/16", "via", "10.0.0.2");
        KernelAddress expected = new(host.Index, IPAddress.Parse("10.0.0.1"), 24, IsUsable: true)
        {
            IsPermanent = true,
        };
        host.Events.WaitFor<AddressChanged>(e => e.Address == expected, "v4");
        host.Events.WaitFor<AddressChanged>(e => e.Address.ToString() == "fd00::1/64", "v6");
        host.Events.WaitFor<RouteChanged>(e => e.Route.ToString() == "10.9.0.0/16"
            && e.Route.Gateway!.Equals(IPAddress.Parse("10.0.0.2")) && e.Route.IfIndex == host.Index, "route");

        host.Space.Ip("route", "del", "10.9.0.0/16");
        host.Space.Ip("addr", "del", "10.0.0.1/24", "dev", "port-a");
        host.Space.Ip("addr", "del", "fd00::1/64", "dev", "port-a");
        host.Events.WaitFor<RouteRemoved>(e => e.Route.ToString() == "10.9.0.0/16", "route gone");
        host.Events.WaitFor<AddressRemoved>(e => e.Address.ToString() == "10.0.0.1/24", "v4 gone");
        host.Events.WaitFor<AddressRemoved>(e => e.Address.ToString() == "fd00::1/64", "v6 gone");
        Assert.DoesNotContain(host.Events.Snapshot(), e => e is LinkChanged or NeighborChanged); // not asked for
    }

    [Fact]
    public void A_neighbor_that_is_resolved_changed_and_removed_is_reported()
    {
        using Watched host = new(RtnetlinkGroups.Neighbors);
        host.Space.Ip("addr", "add", "10.0.0.1/24", "dev", "port-a");
        host.Container.Ip("addr", "add", "10.0.0.2/24", "dev", "eth0");
        IPAddress address = IPAddress.Parse("10.0.0.2");
        using Rtnetlink netlink = Rtnetlink.Open(host.Space.Handle);

        netlink.Neighbors.Use(host.Index, address);
        host.Events.WaitFor<NeighborChanged>(
            e => e.Neighbor.Address.Equals(address) && e.Neighbor.IsUsable, "resolved");
        host.Space.Ip("neigh", "replace", "10.0.0.2", "lladdr", "02:00:00:00:00:66", "dev", "port-a");
        host.Events.WaitFor<NeighborChanged>(e => e.Neighbor.Mac == 0x02_00_00_00_00_66, "new MAC address");
        host.Space.Ip("neigh", "del", "10.0.0.2", "dev", "port-a");
        // The kernel reports a deletion as the state "failed" first, then as removed.
        host.Events.WaitFor<RtnetlinkEvent>(
            e => e is NeighborRemoved { Neighbor: var gone } && gone.Address.Equals(address), "removed");
    }

    [Fact]
    public void Lost_events_are_told_and_later_ones_come_again()
    {
        using Topology topology = new();
        Space space = topology.Add("host");
        space.Ip("link", "add", "port-a", "type", "veth", "peer", "name", "eth0");
        EventLog<RtnetlinkEvent> events = new();
        using ManualResetEventSlim busy = new(initialState: false);
        using RtnetlinkMonitor monitor = RtnetlinkMonitor.Start(space.Handle, RtnetlinkGroups.All, happened =>
        {
            events.Add(happened);
            busy.Wait();
        }, receiveBufferBytes: 4096);

        using Rtnetlink netlink = Rtnetlink.Open(space.Handle);
        int index = netlink.Links.Require("port-a").Index;
        for (int mtu = 1000; mtu < 1100; mtu++)
            netlink.Links.SetMtu(index, mtu);
        busy.Set();

        ResyncNeeded lost = events.WaitFor<ResyncNeeded>(_ => true, "events were lost");
        Assert.Contains("full", lost.Reason, StringComparison.Ordinal);
        netlink.Links.SetMtu(index, 1234);
        events.WaitFor<LinkChanged>(e => e.Link.Mtu == 1234, "MTU 1234");
    }

    [Fact]
    public void After_it_has_stopped_no_event_comes_and_no_thread_is_left()
    {
        using Topology topology = new();
        Space space = topology.Add("host");
        EventLog<RtnetlinkEvent> events = new();
        int before = Environment.CurrentManagedThreadId;
        RtnetlinkMonitor monitor = RtnetlinkMonitor.Start(space.Handle, RtnetlinkGroups.All, events.Add);
        space.Ip("link", "add", "port-a", "type", "veth", "peer", "name", "eth0");
        events.WaitFor<LinkChanged>(e => e.Link.Name == "port-a", "port-a");

        monitor.Dispose();
        monitor.Dispose();

        int count = events.Count;
        space.Ip("link", "del", "port-a");
        Assert.Equal(count, events.Count);
        Assert.Equal(before, Environment.CurrentManagedThreadId);
    }

    /// <summary>A host with a veth "port-a" whose other end is "eth0" in a container; the host is watched.</summary>
    private sealed class Watched : IDisposable
    {
        private readonly Topology _topology = new();
        private readonly RtnetlinkMonitor _monitor;

        public Watched(RtnetlinkGroups groups)
        {
            Space = _topology.Add("host");
            Container = _topology.Add("c");
            Topology.Connect(Space, "port-a", Container, "eth0");
            using Rtnetlink netlink = Rtnetlink.Open(Space.Handle);
            SpinWait.SpinUntil(() => netlink.Links.Require("port-a").IsUp, TimeSpan.FromSeconds(5));
            Index = netlink.Links.Require("port-a").Index;
            _monitor = RtnetlinkMonitor.Start(Space.Handle, groups, Events.Add);
        }

        public Space Space { get; }

        public Space Container { get; }

        public int Index { get; }

        public EventLog<RtnetlinkEvent> Events { get; } = new();

        public bool Is(KernelLink link) => link.Index == Index && link.Name == "port-a";

        public void Dispose()
        {
            _monitor.Dispose();
            _topology.Dispose();
        }
    }
}
