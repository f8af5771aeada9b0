using System;
using System.Collections.Generic;
using System.Linq;
using FastPath.Api;
using FastPath.Control;
using FastPath.Control.Config;
using FastPath.Control.Daemon;
using FastPath.Control.Switch;
using FastPath.Control.Views;
using FastPath.Dataplane.Ports;
using FastPath.Tests.Control.Switch;
using FastPath.Xdp;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Control;

public sealed class ControllerTests : IDisposable
{
    private const string Start = "bridges: {blue: }\nports: {a: {device: a, bridge: blue}}\n";

    private readonly MemoryBackend _backend = new();
    private readonly VirtualSwitch _switch;
    private readonly IController _controller;
    private readonly EventLog _events = new();

    public ControllerTests()
    {
        EventLog events = _events;
        SystemSettings settings = new();
        _switch = new VirtualSwitch(settings, _backend, events);
        _controller = new Controller(_switch, ConfigReader.Read(Start),
            new SystemViews(
                settings, () => new FeatureGrants(KernelFeature.MultiBuffer | KernelFeature.TxMetadata, KernelFeature.MultiBuffer), events,
                new PauseWatch()),
            events);
    }

    [Fact]
    public void Every_applied_change_leaves_one_event_that_names_what_changed()
    {
        _controller.Apply(With("b"), dryRun: true);
        Assert.Throws<RevisionConflictException>(() => _controller.Apply(With("b"), dryRun: false, ifRevision: 7));
        _controller.Apply(With("b"), dryRun: false);
        _controller.Apply(ConfigReader.Read("bridges: {blue: {agingSeconds: 60}}\nports: {a: {device: a, bridge: blue}}\n"),
            dryRun: false);
        _controller.Apply(_controller.Current.Config, dryRun: false);

        Assert.Equal(["revision 2: added ports/b", "revision 3: changed bridges/blue, removed ports/b"],
            _events.Latest().Where(one => one.Subject == "config").Select(one => one.Message));
    }

    [Fact]
    public void A_change_counts_and_is_shown()
    {
        ChangeResult result = _controller.Apply(With("b"), dryRun: false);

        Assert.Equal(2, result.Revision);
        Assert.Equal(["ports/b"], result.Changes.Select(change => change.Path));
        Assert.Equal(["a", "b"], _controller.Ports().Select(port => port.Name));
        Assert.Equal(["a", "b"], _controller.Bridges()[0].Ports);
    }

    [Fact]
    public void A_dry_run_only_says_what_would_change()
    {
        ChangeResult result = _controller.Apply(With("b"), dryRun: true);

        Assert.Equal("ports/b", Assert.Single(result.Changes).Path);
        Assert.Equal(1, _controller.Current.Revision);
        Assert.DoesNotContain("ports/b", _backend.Open.Keys);
    }

    [Theory]
    [InlineData("device: a2", "closes the port and opens it anew: a few milliseconds without traffic")]
    [InlineData("device: a, mtu: 1400", "the sockets stay open")]
    public void A_changed_port_is_opened_anew_when_its_device_is_another(string device, string effect)
    {
        ConfigDocument next = ConfigReader.Read(Start.Replace("device: a", device, StringComparison.Ordinal));

        Assert.Equal(effect, Assert.Single(_controller.Apply(next, dryRun: true).Changes).Effect);
    }

    [Fact]
    public void A_change_that_changes_nothing_keeps_the_revision()
    {
        Assert.Empty(_controller.Apply(ConfigReader.Read(Start), dryRun: false).Changes);
        Assert.Equal(1, _controller.Current.Revision);
    }

    [Fact]
    public void Whoever_read_an_older_revision_is_refused() => Assert.Equal(1,
        Assert.Throws<RevisionConflictException>(() => _controller.Apply(With("b"), dryRun: false, ifRevision: 7)).Actual);

    [Fact]
    public void A_bad_configuration_is_refused_and_the_old_one_stays()
    {
        Assert.Throws<InvalidConfigException>(() =>
            _controller.Apply(ConfigReader.Read("ports: {a: {device: a, bridge: red}}\n"), dryRun: false));

        Assert.Equal(1, _controller.Current.Revision);
        Assert.Equal("blue", _controller.Current.Config.Ports["a"].Bridge);
    }

    [Fact]
    public void Workers_and_memory_need_a_restart()
    {
        InvalidConfigException e = Assert.Throws<InvalidConfigException>(() =>
            _controller.Apply(ConfigReader.Read("system: {workers: 2}\n" + Start), dryRun: false));

        Assert.Equal("/system", e.Errors[0].Path);
    }

    [Fact]
    public void A_port_that_is_missing_degrades_the_switch_and_says_why()
    {
        Assert.Equal("ready", _controller.System().State);

        _switch.Do(s => s.Lose(s.Slots["ports/a"], "a was removed"));

        SystemView system = _controller.System();
        Assert.Equal("degraded", system.State);
        Assert.Contains("ports/a is missing: a was removed", system.Reasons);
        Assert.Equal("missing", Assert.Single(_controller.Ports()).Status.State);
        Assert.Equal("granted", system.Features["multiBuffer"]);
        Assert.Equal("missing", system.Features["txMetadata"]);
        Assert.DoesNotContain("zeroCopy", system.Features.Keys); // nobody asked for it
    }

    [Fact]
    public void A_table_that_only_memory_bounds_has_no_capacity() => Assert.Equal(
        [("fdb", true), ("neighbors", true), ("fib4", false), ("fib6", false), ("tunnels", false)],
        _controller.System().Tables.Select(table => (table.Name, table.Capacity != null)));

    [Fact]
    public void What_a_port_and_what_a_node_lost_is_shown_and_the_most_first()
    {
        MemoryPort port = _backend.Open["ports/a"].Port;
        port.Counters[PortCounter.TxDeviceDropped] = 3;
        port.Inject(Eth(MacB, "01:00:00:00:00:0a") / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2));
        _switch.Core.Workers[0].PollOnce();

        Assert.Equal([("ports/a", "txDeviceDropped", 3UL), ("ethernet-input", "badSourceMac", 1UL)],
            _controller.Drops().Select(drop => (drop.Node, drop.Reason, drop.Packets)));
    }

    [Fact]
    public void Routes_and_drops_and_workers_are_shown()
    {
        Assert.Empty(_controller.Routes());
        Assert.Empty(_controller.Drops());
        WorkerView worker = Assert.Single(_controller.Workers());
        Assert.Equal(1024, worker.Frames.Values.Sum());
        Assert.Contains("ethernet-input", (IEnumerable<string>)_controller.Graph().Nodes);
    }

    public void Dispose() => _switch.Dispose();

    private static ConfigDocument With(string port) =>
        ConfigReader.Read(Start.Replace("{a:", $"{{{port}: {{device: {port}, bridge: blue}}, a:", StringComparison.Ordinal));
}
