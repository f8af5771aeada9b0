using System;
using System.Linq;
using FastPath.Control;
using FastPath.Control.Switch;
using FastPath.Dataplane.Ports;
using FastPath.Xdp;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Control.Switch;

public sealed class VirtualSwitchTests
{
    private const string TwoPorts = """
        bridges: {blue: , red: }
        ports:
          a: {device: a, bridge: blue}
          b: {device: b, bridge: blue}

        """;

    [Theory]
    [InlineData("")]
    [InlineData("system: {workers: 3}\n")]
    public void A_configuration_forwards_whoever_owns_its_ports(string system)
    {
        using SwitchHarness harness = new(system + TwoPorts);

        AssertForwards(harness, to: "b");
    }

    [Fact]
    public void What_did_not_change_is_not_touched()
    {
        using SwitchHarness harness = new(TwoPorts);
        MemoryPort before = harness.Port("a");

        harness.Apply(TwoPorts + "  c: {device: c, bridge: blue}\nroutes: [{prefix: 10.0.0.0/8, type: blackhole}]\n");

        Assert.Same(before, harness.Port("a"));
        Assert.Equal(["open ports/c", "admit ports/c"], harness.Backend.Journal.Skip(4));
    }

    [Fact]
    public void A_port_in_another_bridge_keeps_its_sockets_and_forgets_what_it_learned()
    {
        using SwitchHarness harness = new(TwoPorts);
        MemoryPort before = harness.Port("a");
        harness.Receive("a", FrameOf(MacA, MacB));
        harness.Sent("b");

        harness.Apply(TwoPorts.Replace("device: a, bridge: blue", "device: a, bridge: red", StringComparison.Ordinal));
        harness.Receive("b", FrameOf(MacB, MacA));

        Assert.Same(before, harness.Port("a"));
        harness.SentNothing("a");
        Assert.Equal(1, harness.Switch.Core.State.Fdb.Count); // b's own address
    }

    [Fact]
    public void A_removed_port_is_closed_after_the_tables_forgot_it()
    {
        using SwitchHarness harness = new(TwoPorts);
        harness.Receive("a", FrameOf(MacA, MacB));
        harness.Sent("b");

        harness.Apply("bridges: {blue: , red: }\nports: {b: {device: b, bridge: blue}}\n");

        Assert.Equal(["delete ports/a", "detach ports/a", "dispose ports/a"], harness.Backend.Journal.Skip(4));
        Assert.Equal(0, harness.Switch.Core.State.Fdb.Count);
        Assert.Equal(0, harness.Switch.Numbers.Of("ports/a"));
    }

    [Fact]
    public void A_change_that_fails_in_the_middle_leaves_everything_as_it_was()
    {
        using SwitchHarness harness = new(TwoPorts, backend => backend.Broken["d"] = new PortException("device", "is on fire"));
        MemoryPort before = harness.Port("a");

        InvalidConfigException e = Assert.Throws<InvalidConfigException>(() =>
            harness.Apply(TwoPorts + "  c: {device: c, bridge: blue}\n  d: {device: d, bridge: blue}\n"));

        Assert.Equal("/ports/d/device", e.Errors[0].Path);
        Assert.Contains("is on fire", e.Errors[0].Message, StringComparison.Ordinal);
        Assert.Equal(["ports/a", "ports/b"], harness.Switch.Slots.Keys);
        Assert.Same(before, harness.Port("a"));
        Assert.DoesNotContain("ports/c", harness.Backend.Open.Keys);
        AssertForwards(harness, to: "b");
    }

    [Fact]
    public void A_port_that_had_to_be_closed_for_a_change_that_failed_is_open_again()
    {
        using SwitchHarness harness = new(TwoPorts);

        FailToReplace(harness, "device: a", "device: a2");

        AssertForwards(harness, to: "b");
        Assert.Equal("a", harness.Switch.Config.Ports["a"].Device);
    }

    [Fact]
    public void A_change_that_a_port_cannot_follow_is_undone_with_its_numbers()
    {
        using SwitchHarness harness = new(TwoPorts + "  gone: {device: gone, bridge: red}\n");
        int number = harness.Switch.Slots["ports/gone"].Number;
        harness.Backend.Following = (key, config) =>
        {
            if (key == "ports/b" && config.Bridges.ContainsKey("green"))
                throw new PortException(key, "has no room");
        };

        // The change removes a port, adds one, and adds a gateway that has a number, too.
        InvalidConfigException e = Assert.Throws<InvalidConfigException>(() => harness.Apply(
            TwoPorts.Replace("red: ", "red: , green: {gateway: {addresses: [10.0.0.254/24]}}", StringComparison.Ordinal)
            + "  c: {device: c, bridge: blue}\n"));

        Assert.Equal("/ports/b", e.Errors[0].Path);
        Assert.Equal(["ports/a", "ports/b", "ports/gone"], harness.Switch.Slots.Keys);
        Assert.Equal(["ports/a", "ports/b", "ports/gone"], harness.Switch.Numbers.All.Keys.Order());
        Assert.Equal(number, harness.Switch.Numbers.Of("ports/gone"));
        Assert.DoesNotContain(harness.Events.Latest(), e => e.Message == "has no room"); // nobody was asked for it once more
        AssertForwards(harness, to: "b");
    }

    [Fact]
    public void What_a_port_cannot_follow_after_an_event_is_said_and_the_switch_goes_on()
    {
        using SwitchHarness harness = new(TwoPorts);
        harness.Backend.Following = (key, _) =>
        {
            if (key == "ports/b")
                throw new PortException(key, "has no room");
        };

        harness.Switch.Do(s => s.Lose(s.Slots["ports/a"], "a was removed"));

        Assert.Contains(harness.Events.Latest(), e => e is { Subject: "ports/b", Message: "has no room" });
    }

    [Fact]
    public void What_is_left_of_a_port_that_is_not_open_goes_with_it()
    {
        using SwitchHarness harness = new(TwoPorts + "  box: {container: {namespace: c1}, bridge: blue}\n", backend =>
        {
            backend.Broken["b"] = new PortException("device", "there is no device b", isMissing: true);
            backend.Broken["box"] = new PortException("", "there is no namespace c1", isMissing: true);
        });

        harness.Apply("bridges: {blue: , red: }\nports: {a: {device: a, bridge: blue}}\n");

        Assert.Equal(["remove ports/b", "remove ports/box and its device"], harness.Backend.Journal.Skip(2).Order());
    }

    [Fact]
    public void What_a_refused_change_has_left_of_a_port_goes_again()
    {
        using SwitchHarness harness = new(TwoPorts, backend => backend.Broken["d"] = new PortException("device", "is on fire"));

        Assert.Throws<InvalidConfigException>(() => harness.Apply(TwoPorts + "  d: {device: d, bridge: blue}\n"));

        Assert.Equal(["remove ports/d"], harness.Backend.Journal.Skip(4));
    }

    [Fact]
    public void A_port_can_have_another_name_in_one_change()
    {
        using SwitchHarness harness = new(TwoPorts);

        harness.Apply(TwoPorts.Replace("b: {", "renamed: {", StringComparison.Ordinal));

        Assert.Equal(["ports/a", "ports/renamed"], harness.Switch.Slots.Keys);
        AssertForwards(harness, to: "renamed");
    }

    [Fact]
    public void A_port_that_gave_its_device_to_another_has_it_again_when_the_change_fails()
    {
        using SwitchHarness harness = new(TwoPorts);

        FailToReplace(harness, "b: {", "renamed: {");

        AssertForwards(harness, to: "b");
        Assert.Equal(["ports/a", "ports/b"], harness.Backend.Open.Keys.Order());
    }

    [Fact]
    public void A_port_that_is_opened_anew_on_its_device_leaves_the_program_there()
    {
        using SwitchHarness harness = new(TwoPorts);

        harness.Apply(TwoPorts.Replace("device: a,", "device: a, checksums: device,", StringComparison.Ordinal));

        Assert.Equal(["detach ports/a", "dispose ports/a", "open ports/a", "admit ports/a"], harness.Backend.Journal.Skip(4));
    }

    [Fact]
    public void What_cannot_be_deleted_after_the_commit_is_said_and_the_change_is_done()
    {
        using SwitchHarness harness = new(TwoPorts);
        harness.Backend.NotDeleted["ports/a"] = new XdpException("deleting a", 19);

        harness.Apply("bridges: {blue: , red: }\n");

        Assert.Empty(harness.Backend.Open);
        Assert.Empty(harness.Switch.Config.Ports);
        Assert.Contains(harness.Events.Latest(), e => e.Subject == "ports/a" && e.Message.Contains("deleting a", StringComparison.Ordinal));
    }

    [Fact]
    public void A_port_that_is_not_admitted_has_failed_and_is_tried_again()
    {
        using SwitchHarness harness = new(TwoPorts);
        harness.Backend.NotAdmitted["ports/c"] = new XdpException("entering the socket of queue 64", 7);

        harness.Apply(TwoPorts + "  c: {device: c, bridge: blue}\n");

        Assert.Equal(PortState.Failed, harness.Switch.Slots["ports/c"].State);
        Assert.Contains("queue 64", harness.Switch.Slots["ports/c"].Reason, StringComparison.Ordinal);
        harness.Backend.NotAdmitted.Clear();
        harness.Switch.Slots["ports/c"].RetryNow();
        harness.Switch.Retry();
        Assert.Equal(PortState.Up, harness.Switch.Slots["ports/c"].State);
    }

    [Fact]
    public void A_change_that_has_too_much_at_a_time_is_refused()
    {
        using SwitchHarness harness = new("bridges: {blue: }\n");
        string many = string.Join(", ", Enumerable.Range(0, 4095).Select(n => $"b{n}"));

        InvalidConfigException e = Assert.Throws<InvalidConfigException>(() => harness.Apply($"bridges: {{{many}}}\n"));

        Assert.Contains("remove first", e.Errors[0].Message, StringComparison.Ordinal);
        Assert.Equal(["blue"], harness.Switch.Config.Bridges.Keys);
    }

    [Fact]
    public void A_port_that_comes_back_is_opened_for_the_configuration_of_now()
    {
        const string Container = "bridges: {blue: , red: }\nports: {a: {bridge: blue, container: {namespace: c1}}}\n";
        using SwitchHarness harness = new(Container);
        Assert.Equal(1500, harness.Switch.Slots["ports/a"].LastFacts.Mtu);

        harness.Apply("""
            uplinks: {up: {device: up0, addresses: [192.0.2.1/24]}}
            vteps: {vt: {address: 192.0.2.1}}
            bridges: {blue: {vni: 7, vtep: vt, remotes: [192.0.2.2]}, red: }
            ports: {a: {bridge: blue, container: {namespace: c1}}}
            """);
        harness.Switch.Do(s => s.Lose(s.Slots["ports/a"], "the container was removed"));
        harness.Switch.Slots["ports/a"].RetryNow();
        harness.Switch.Retry();

        Assert.Equal(1450, harness.Switch.Slots["ports/a"].LastFacts.Mtu); // what the tunnel leaves
    }

    [Fact]
    public void A_device_that_is_not_there_is_waited_for()
    {
        using SwitchHarness harness = new(TwoPorts, backend =>
            backend.Broken["b"] = new PortException("device", "there is no device b", isMissing: true));
        Assert.Equal(PortState.Missing, harness.Switch.Slots["ports/b"].State);

        harness.Backend.Broken.Clear();
        harness.Switch.Slots["ports/b"].RetryNow();
        harness.Switch.Retry();

        Assert.Equal(PortState.Up, harness.Switch.Slots["ports/b"].State);
        AssertForwards(harness, to: "b");
    }

    [Fact]
    public void A_broken_port_does_not_keep_the_others_from_starting()
    {
        using SwitchHarness harness = new(TwoPorts, backend => backend.Broken["b"] = new PortException("", "is on fire"));

        Assert.Equal(PortState.Failed, harness.Switch.Slots["ports/b"].State);
        Assert.Equal("is on fire", harness.Switch.Slots["ports/b"].Reason);
        Assert.Equal(PortState.Up, harness.Switch.Slots["ports/a"].State);
    }

    [Fact]
    public void A_port_whose_device_went_away_opens_again_with_its_number()
    {
        using SwitchHarness harness = new(TwoPorts);
        int number = harness.Switch.Slots["ports/b"].Number;

        harness.Switch.Do(s => s.Lose(s.Slots["ports/b"], "b was removed"));
        Assert.Equal(PortState.Missing, harness.Switch.Slots["ports/b"].State);
        harness.Receive("a", FrameOf(MacA, MacB));
        harness.Switch.Slots["ports/b"].RetryNow();
        harness.Switch.Retry();

        Assert.Equal(number, harness.Switch.Slots["ports/b"].Number);
        harness.Receive("a", FrameOf(MacA, MacB));
        harness.Sent("b");
    }

    [Fact]
    public void A_smaller_mtu_of_a_member_becomes_the_gateways()
    {
        using SwitchHarness harness = new("""
            bridges: {blue: {gateway: {addresses: [10.0.0.254/24]}}}
            ports: {a: {device: a, bridge: blue}, b: {device: b, bridge: blue}}
            """);
        Assert.Equal(1500, harness.Switch.Built.GatewayMtus["blue"]);

        harness.Switch.Do(s => s.Update(s.Slots["ports/b"], s.Slots["ports/b"].Open!.Facts with { Mtu = 1400 }));

        Assert.Equal(1400, harness.Switch.Built.GatewayMtus["blue"]);
    }

    [Fact]
    public void Events_say_what_happened_to_a_port()
    {
        using SwitchHarness harness = new(TwoPorts);

        harness.Switch.Do(s => s.Lose(s.Slots["ports/b"], "b was removed"));

        Assert.Contains(harness.Events.Latest(), e => e is { Subject: "ports/b", Message: "missing: b was removed" });
    }

    [Fact]
    public void Learned_addresses_are_forgotten_by_bridge_and_by_port()
    {
        using SwitchHarness harness = new(TwoPorts);
        harness.Receive("a", FrameOf(MacA, MacB));
        harness.Receive("b", FrameOf(MacB, MacA));

        Assert.Equal(0, harness.Switch.FlushAddresses("red", null));
        Assert.Equal(0, harness.Switch.FlushAddresses("removed", null)); // just now, by another request
        Assert.Equal(0, harness.Switch.FlushAddresses(null, "removed"));
        Assert.Equal(1, harness.Switch.FlushAddresses(null, "a"));
        Assert.Equal(1, harness.Switch.FlushAddresses("blue", null));
    }

    /// <summary>Applies a change of <see cref="TwoPorts"/> that fails at its last port.</summary>
    private static void FailToReplace(SwitchHarness harness, string before, string after)
    {
        harness.Backend.Broken["z"] = new PortException("", "is on fire");
        Assert.Throws<InvalidConfigException>(() => harness.Apply(
            TwoPorts.Replace(before, after, StringComparison.Ordinal) + "  z: {device: z, bridge: blue}\n"));
    }

    /// <summary>What "a" receives for behind <paramref name="to"/> comes out there, as it was.</summary>
    private static void AssertForwards(SwitchHarness harness, string to)
    {
        byte[] frame = FrameOf(MacA, MacB);
        harness.Receive("a", frame);
        Assert.Equal(frame, harness.Sent(to));
    }

    private static byte[] FrameOf(string from, string to) => Eth(to, from) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2);
}
