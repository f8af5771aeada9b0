using System;
using System.Linq;
using FastPath.Netns.Support;
using Xunit;

namespace FastPath.Netns.Control;

/// <summary>What a daemon does at its start with what an earlier one left.</summary>
public sealed class RestartTests
{
    private const string One = """
        bridges: {blue: }
        ports:
          a: {bridge: blue, container: {namespace: NS-a, addresses: [10.0.0.1/24]}}

        """;

    private const string Two = One + "  long.name-of-a-port: {bridge: blue, container: {namespace: NS-b, addresses: [10.0.0.2/24]}}\n";

    [Fact]
    public void A_port_that_left_the_file_while_the_daemon_was_down_leaves_nothing()
    {
        using Topology topology = new();
        (Space host, Space a, Space b) = (topology.Add("host"), topology.Add("a"), topology.Add("b"));
        using DaemonHost daemon = new(host, Two);
        string mac = MacOf(a);
        Assert.Equal(2, Ours(host).Length);

        daemon.Restart(One);

        Assert.Equal(["fp-a"], Ours(host));
        Assert.Equal(["port-a"], daemon.PinnedPorts);
        Assert.DoesNotContain("eth0", b.Devices());
        Assert.Equal(mac, MacOf(a));
        Assert.Contains("ports/long.name-of-a-port: removed what an earlier run left: fp-", daemon.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_punt_link_that_left_the_file_while_the_daemon_was_down_leaves_the_host_nothing()
    {
        using Topology topology = new();
        (Space host, Space a) = (topology.Add("host"), topology.Add("a"));
        using DaemonHost daemon = new(host, One + "punt: {interface: fphost, hostAddresses: [169.254.7.2/30], addresses: [169.254.7.1/30]}\n");
        Assert.Contains("fphost", host.Devices());

        daemon.Restart(One);

        Assert.DoesNotContain("fphost", host.Devices());
        Assert.Equal(["port-a"], daemon.PinnedPorts);
        Assert.Contains("punt: removed what an earlier run left", daemon.Said, StringComparison.Ordinal);
        _ = a;
    }

    [Fact]
    public void A_veth_is_removed_before_its_port_takes_a_device_and_a_device_is_given_back()
    {
        using Topology topology = new();
        (Space host, Space a, Space b) = (topology.Add("host"), topology.Add("a"), topology.Add("b"));
        Topology.Connect(host, "pa", b, "pa");
        Topology.Connect(host, "pb", b, "pb");
        using DaemonHost daemon = new(host, One + "  b: {bridge: blue, device: pb}\n");

        daemon.Restart("bridges: {blue: }\nports: {a: {bridge: blue, device: pa}}\n");

        Assert.Empty(Ours(host));
        Assert.DoesNotContain("eth0", a.Devices());
        Assert.Equal(["port-a"], daemon.PinnedPorts);
        Assert.Contains("pb", host.Devices());
        Assert.False(host.HasProgram("pb"));
    }

    [Fact]
    public void What_is_not_ours_beyond_doubt_stays_and_is_named()
    {
        using Topology topology = new();
        (Space host, Space a, Space b) = (topology.Add("host"), topology.Add("a"), topology.Add("b"));
        Topology.Connect(host, "fp-x-web1", b, "eth0"); // such as a port's of a daemon with the name fp-x

        using DaemonHost daemon = new(host, One);

        Assert.Equal(["fp-a", "fp-x-web1"], Ours(host));
        Assert.Contains("fp-x-web1: looks like a port's of an earlier run", daemon.Said, StringComparison.Ordinal);
        _ = a;
    }

    [Fact]
    public void A_configuration_without_ports_takes_no_interface_from_a_container()
    {
        using Topology topology = new();
        (Space host, Space a) = (topology.Add("host"), topology.Add("a"));
        using DaemonHost daemon = new(host, One);
        string mac = MacOf(a);

        daemon.Restart("bridges: {blue: }\n");

        Assert.Equal(mac, MacOf(a));
        Assert.Contains("ports/a: of an earlier run: fp-a", daemon.Said, StringComparison.Ordinal);
    }

    private static string MacOf(Space space) =>
        space.IpJson("link", "show", "dev", "eth0")[0].GetProperty("address").GetString()!;

    private static string[] Ours(Space host) => [.. host.Devices().Where(name => name.StartsWith("fp-", StringComparison.Ordinal))];
}
