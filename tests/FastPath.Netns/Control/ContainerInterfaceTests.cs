using System;
using System.Linq;
using System.Threading.Tasks;
using FastPath.Api;
using FastPath.Netns.Support;
using Xunit;

namespace FastPath.Netns.Control;

/// <summary>The interface that a port gives to its container: when it comes, and what a restart leaves of it.</summary>
public sealed class ContainerInterfaceTests
{
    private const string One = """
        bridges: {blue: {gateway: {addresses: [10.0.0.254/24, "fd00::fe/64"]}}}
        ports: {a: {bridge: blue, container: {namespace: NS-a, addresses: [10.0.0.1/24]}}}

        """;

    [Fact]
    public async Task A_port_that_REST_has_made_before_its_container_comes_up_with_it()
    {
        const string Gateway = "bridges: {blue: {gateway: {addresses: [10.0.0.254/24]}}}\n";
        using Topology topology = new();
        using DaemonHost daemon = new(topology.Add("host"), Gateway);
        await daemon.Apply(
            Gateway + "ports: {late: {bridge: blue, container: {namespace: NS-late, addresses: [10.0.0.1/24]}}}\n");
        Assert.Contains("ports/late: missing", daemon.Said, StringComparison.Ordinal);

        Space late = null!;
        daemon.WaitFor(() => late = topology.Add("late"), "ports/late: up");

        Assert.Equal(3, Ping.Run(late, "10.0.0.254").Received);
    }

    [Fact]
    public void A_restart_takes_addresses_and_default_routes_that_the_file_does_not_have()
    {
        const string Before = """
            bridges: {blue: {gateway: {addresses: [10.0.0.254/24, "fd00::fe/64"]}}}
            ports:
              a:
                bridge: blue
                container:
                  namespace: NS-a
                  addresses: [10.0.0.1/24, "fd00::1/64", "fd00::2/64"]
                  gateways: [10.0.0.254, "fd00::fe"]
            """;
        using Topology topology = new();
        (Space host, Space a) = (topology.Add("host"), topology.Add("a"));
        using DaemonHost daemon = new(host, Before);
        int index = a.IndexOf("eth0");
        Assert.Equal(["10.0.0.1", "fd00::1", "fd00::2"], Addresses(a));
        Assert.Equal(["10.0.0.254", "fd00::fe"], DefaultRoutes(a));

        // With a lifetime, as DHCP's, and a route as a container's own tools make it.
        a.Ip("addr", "add", "10.7.0.77/24", "dev", "eth0", "valid_lft", "3600", "preferred_lft", "3600");
        a.Ip("route", "add", "default", "via", "10.0.0.252", "metric", "50");
        daemon.Restart(Before.Replace("10.0.0.1/24, \"fd00::1/64\", ", "10.0.0.9/24, ", StringComparison.Ordinal)
            .Replace("gateways: [10.0.0.254, \"fd00::fe\"]", "gateways: [10.0.0.253]", StringComparison.Ordinal));

        Assert.Equal(index, a.IndexOf("eth0"));
        Assert.Equal("02:46:0a:00:00:09", MacOf(a)); // who has 10.0.0.1 next has that one's
        Assert.Equal(["10.0.0.9", "10.7.0.77", "fd00::2"], Addresses(a));
        Assert.Equal(["10.0.0.253", "10.0.0.252"], DefaultRoutes(a));
        Assert.Equal(3, Ping.Run(a, "10.0.0.254").Received);
    }

    [Fact]
    public async Task An_address_that_goes_to_another_port_takes_its_MAC_address_along()
    {
        using Topology topology = new();
        (Space host, Space a, Space b) = (topology.Add("host"), topology.Add("a"), topology.Add("b"));
        using DaemonHost daemon = new(host, One);

        await daemon.Apply(One.Replace("10.0.0.1/24", "10.0.0.11/24", StringComparison.Ordinal));
        await daemon.Client.Put("ports/b", new PortConfig
        {
            Bridge = "blue",
            Container = new ContainerEnd { Namespace = b.Name, Addresses = ["10.0.0.1/24"] },
        });

        Assert.Equal(("02:46:0a:00:00:0b", "02:46:0a:00:00:01"), (MacOf(a), MacOf(b)));
        Assert.Equal(3, Ping.Run(a, "10.0.0.1").Received);
    }

    [Fact]
    public void A_restart_leaves_an_interface_alone_for_which_the_file_has_no_addresses()
    {
        const string Bare = "bridges: {blue: }\nports: {a: {bridge: blue, container: {namespace: NS-a}}}\n";
        using Topology topology = new();
        (Space host, Space a) = (topology.Add("host"), topology.Add("a"));
        using DaemonHost daemon = new(host, Bare);
        a.Ip("addr", "add", "10.0.0.9/24", "dev", "eth0");
        a.Run("ip", "route", "add", "default", "via", "10.0.0.254", "proto", "static").OrFail();

        daemon.Restart(Bare);

        Assert.Equal(["10.0.0.9"], Addresses(a));
        Assert.Equal(["10.0.0.254"], DefaultRoutes(a));
    }

    [Fact]
    public async Task A_pair_that_somebody_deleted_comes_back_with_its_MAC_and_another_port_of_its_name_has_another()
    {
        using Topology topology = new();
        (Space host, Space a) = (topology.Add("host"), topology.Add("a"));
        const string WithoutAddress = "bridges: {blue: }\nports: {a: {bridge: blue, container: {namespace: NS-a}}}\n";
        using DaemonHost daemon = new(host, WithoutAddress);
        string mac = MacOf(a);

        daemon.WaitFor(() => host.Ip("link", "del", "fp-a"), "ports/a: up on fp-a");
        Assert.Equal(mac, MacOf(a));

        await daemon.Client.Delete("ports/a");
        await daemon.Apply(WithoutAddress);
        Assert.NotEqual(mac, MacOf(a));
    }

    [Fact]
    public void An_MTU_that_is_too_large_for_the_program_of_an_earlier_run_makes_the_pair_anew()
    {
        using Topology topology = new();
        (Space host, Space a) = (topology.Add("host"), topology.Add("a"));
        using DaemonHost daemon = new(host, "system: {refuseFeatures: [xdpFrags]}\n" + One);
        int index = a.IndexOf("eth0");

        daemon.Restart(One.Replace("bridge: blue,", "bridge: blue, mtu: 9000,", StringComparison.Ordinal));

        Assert.NotEqual(index, a.IndexOf("eth0"));
        Assert.Equal(9000, a.IpJson("link", "show", "dev", "eth0")[0].GetProperty("mtu").GetInt32());
        Assert.Equal(3, Ping.Run(a, "10.0.0.254").Received);
    }

    private static string MacOf(Space space) =>
        space.IpJson("link", "show", "dev", "eth0")[0].GetProperty("address").GetString()!;

    /// <summary>Addresses of eth0 but for link-local ones, sorted.</summary>
    private static string[] Addresses(Space space) =>
        [.. space.IpJson("addr", "show", "dev", "eth0")[0].GetProperty("addr_info").EnumerateArray()
            .Where(address => address.GetProperty("scope").GetString() == "global")
            .Select(address => address.GetProperty("local").GetString()!).Order(StringComparer.Ordinal)];

    /// <summary>Gateways of the default routes of both families.</summary>
    private static string[] DefaultRoutes(Space space) =>
        [.. ((string[])["-4", "-6"])
            .SelectMany(family => space.IpJson(family, "route", "show", "default").EnumerateArray())
            .Select(route => route.GetProperty("gateway").GetString()!)];
}
