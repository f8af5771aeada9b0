using System;
using FastPath.Control;
using FastPath.Control.Switch;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Tests.Control.Switch;

/// <summary>What a change leaves to others: ports to try again, and names that are free again.</summary>
public sealed class AfterChangeTests
{
    private const string OnePort = "bridges: {blue: }\nports: {a: {device: a, bridge: blue}}\n";
    private const string TwoPorts =
        "bridges: {blue: }\nports: {a: {device: a, bridge: blue}, b: {device: b, bridge: blue}}\n";

    [Fact]
    public void A_change_that_leaves_a_port_missing_says_that_it_is_to_be_tried_again()
    {
        using SwitchHarness harness = new(OnePort, backend =>
            backend.Broken["b"] = new PortException("device", "there is no device b", isMissing: true));
        int planned = CountOfPlanned(harness, () => harness.Apply(TwoPorts));

        Assert.Equal(1, planned);
        Assert.Equal(PortState.Missing, harness.Switch.Slots["ports/b"].State);
    }

    [Fact]
    public void So_does_a_change_whose_port_is_not_admitted()
    {
        using SwitchHarness harness = new(OnePort, backend =>
            backend.NotAdmitted["ports/b"] = new XdpException("entering the socket", 7));

        Assert.Equal(1, CountOfPlanned(harness, () => harness.Apply(TwoPorts)));
    }

    [Fact]
    public void So_does_a_change_that_is_undone_when_what_it_had_closed_does_not_open_again()
    {
        using SwitchHarness harness = new(OnePort);
        harness.Backend.Broken["a"] = new PortException("device", "there is no device a", isMissing: true);
        harness.Backend.Broken["z"] = new PortException("", "is on fire");

        int planned = CountOfPlanned(harness, () => Assert.Throws<InvalidConfigException>(() => harness.Apply(
            "bridges: {blue: }\nports: {a: {device: a2, bridge: blue}, z: {device: z, bridge: blue}}\n")));

        Assert.Equal(1, planned);
        Assert.Equal(PortState.Missing, harness.Switch.Slots["ports/a"].State);
    }

    [Fact]
    public void A_change_that_opens_all_wakes_nobody()
    {
        using SwitchHarness harness = new(OnePort);

        Assert.Equal(0, CountOfPlanned(harness, () => harness.Apply(TwoPorts)));
    }

    [Fact]
    public void What_is_known_of_a_port_is_forgotten_with_its_number_and_not_before()
    {
        using SwitchHarness harness = new(TwoPorts, backend =>
            backend.Broken["z"] = new PortException("", "is on fire"));

        harness.Apply(TwoPorts.Replace("device: b", "device: b2", StringComparison.Ordinal));
        Assert.Throws<InvalidConfigException>(
            () => harness.Apply("bridges: {blue: }\nports: {z: {device: z, bridge: blue}}\n"));
        Assert.Equal(["ports/z"], harness.Backend.Forgotten);

        harness.Apply(OnePort);
        Assert.Equal(["ports/z", "ports/b"], harness.Backend.Forgotten);
    }

    private static int CountOfPlanned(SwitchHarness harness, Action change)
    {
        int planned = 0;
        harness.Switch.RetryPlanned = () => planned++;
        change();
        return planned;
    }
}
