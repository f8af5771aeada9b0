using System;
using System.IO;
using System.Threading.Tasks;
using FastPath.Netns.Support;
using Xunit;

namespace FastPath.Netns.Control;

/// <summary>What an earlier run left is removed where something stands in the way or cannot be removed.</summary>
public sealed class LeftoversTests
{
    [Fact]
    public async Task A_device_that_was_a_ports_becomes_an_uplink_in_a_file_without_ports()
    {
        using Topology topology = new();
        (Space host, Space node) = (topology.Add("host"), topology.Add("node"));
        Topology.Connect(host, "pa", node, "pa");
        using DaemonHost daemon = new(host, "bridges: {blue: }\nports: {a: {device: pa, bridge: blue}}\n");

        daemon.Restart("uplinks: {up: {device: pa}}\n");

        Assert.Empty(Directory.GetDirectories(daemon.Pins));
        Assert.Equal("ready", (await daemon.Client.System()).State);
    }

    [Fact]
    public void A_punt_link_goes_also_when_the_file_has_no_ports()
    {
        const string Gateway = "bridges: {blue: {gateway: {addresses: [10.0.0.254/24]}}}\n";
        using Topology topology = new();
        Space host = topology.Add("host");
        using DaemonHost daemon = new(
            host, Gateway + "punt: {hostAddresses: [169.254.7.2/30], addresses: [169.254.7.1/30]}\n");
        Assert.Equal(0, host.Run("ip", "link", "show", "fphost").ExitCode);

        daemon.Restart(Gateway);

        Assert.NotEqual(0, host.Run("ip", "link", "show", "fphost").ExitCode);
        Assert.Empty(Directory.GetDirectories(daemon.Pins));
    }

    [Fact]
    public void One_that_cannot_be_removed_does_not_keep_the_others()
    {
        using Topology topology = new();
        (Space host, Space a) = (topology.Add("host"), topology.Add("a"));
        (Space b, Space c) = (topology.Add("b"), topology.Add("c"));
        using DaemonHost daemon = new(host, """
            bridges: {blue: }
            ports:
              a: {bridge: blue, container: {namespace: NS-a}}
              b: {bridge: blue, container: {namespace: NS-b}}
            """);
        Directory.CreateDirectory(Path.Combine(daemon.Pins, "port-a", "foreign"));

        daemon.Restart("bridges: {blue: }\nports: {c: {bridge: blue, container: {namespace: NS-c}}}\n");

        Assert.Contains("ports/a: removing what an earlier run left:", daemon.Said, StringComparison.Ordinal);
        Assert.Contains("ports/b: removed what an earlier run left: fp-b", daemon.Said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(daemon.Pins, "port-b")));
        foreach (Space left in (Space[])[a, b])
            Assert.NotEqual(0, left.Run("ip", "link", "show", "eth0").ExitCode);
        Assert.Equal(0, c.Run("ip", "link", "show", "eth0").ExitCode);
    }
}
