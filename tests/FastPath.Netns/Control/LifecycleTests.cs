using System.IO;
using System.Linq;
using FastPath.Netns.Support;
using Xunit;

namespace FastPath.Netns.Control;

/// <summary>Devices that go down, away, elsewhere and come back under a running daemon.</summary>
public sealed class LifecycleTests
{
    [Fact]
    public void A_device_goes_down_away_and_elsewhere_and_the_port_recovers()
    {
        using Topology topology = new();
        (Space host, Space a, Space b, Space other) = (topology.Add("host"), topology.Add("a"), topology.Add("b"), topology.Add("other"));
        Plug(host, "pa", a, "10.0.0.1/24");
        Plug(host, "pb", b, "10.0.0.2/24");
        using DaemonHost daemon = new(host, DaemonHost.TwoDevices);
        AssertReaches(a, b);

        daemon.WaitFor(() => host.Ip("link", "set", "pb", "down"), "ports/b: down: pb is administratively down");
        daemon.WaitFor(() => host.Ip("link", "set", "pb", "up"), "ports/b: up on pb");
        AssertReaches(a, b);

        daemon.WaitFor(() => b.Ip("link", "set", "eth0", "down"), "ports/b: down: pb has no carrier");
        daemon.WaitFor(() => b.Ip("link", "set", "eth0", "up"), "ports/b: up on pb");
        AssertReaches(a, b);

        daemon.WaitFor(() => host.Ip("link", "set", "pb", "mtu", "1400"), "MTU 1400");
        daemon.WaitFor(() => host.Ip("link", "del", "pb"), "ports/b: missing: pb was removed");
        daemon.WaitFor(() => Plug(host, "pb", b, "10.0.0.2/24"), "ports/b: up on pb");
        AssertReaches(a, b);

        daemon.WaitFor(() => host.Ip("link", "set", "pb", "netns", other.Name), "ports/b: missing: pb was moved");
        // One cause: the daemon looks for the device again and again, and may find it before or after it is set up.
        daemon.WaitFor(
            () =>
            {
                other.Ip("link", "set", "pb", "netns", host.Name);
                host.Ip("link", "set", "pb", "up");
            },
            "ports/b: up on pb");
        AssertReaches(a, b);
    }

    [Fact]
    public void A_container_that_is_gone_is_missing_and_its_port_comes_back_with_it()
    {
        using Topology topology = new();
        using DaemonHost daemon = new(topology.Add("host"), """
            bridges: {blue: {gateway: {addresses: [10.0.0.254/24]}}}
            ports:
              late: {bridge: blue, container: {namespace: NS-late, addresses: [10.0.0.1/24]}}
            """);
        Assert.Contains("ports/late: missing", daemon.Said, System.StringComparison.Ordinal);

        Space late = null!;
        daemon.WaitFor(() => late = topology.Add("late"), "ports/late: up");
        Assert.Equal(3, Ping.Run(late, "10.0.0.254").Received);
    }

    [Fact]
    public void An_uplink_with_an_address_goes_and_comes_back_and_the_daemon_outlives_it()
    {
        using Topology topology = new();
        (Space host, Space node, Space other) = (topology.Add("host"), topology.Add("node"), topology.Add("other"));
        void Plug()
        {
            Topology.Connect(host, "up0", node, "up0");
            host.Ip("addr", "add", "192.0.2.1/24", "dev", "up0");
        }

        Plug();
        using DaemonHost daemon = new(host, "uplinks: {up: {device: up0}}");
        for (int n = 0; n < 5; n++)
        {
            daemon.WaitFor(() => host.Ip("link", "del", "up0"), "uplinks/up: missing");
            daemon.WaitFor(Plug, "uplinks/up: up on up0");
        }

        daemon.WaitFor(() => host.Ip("link", "set", "up0", "netns", other.Name), "uplinks/up: missing");
        Assert.Contains("degraded", daemon.Get("system"), System.StringComparison.Ordinal);
    }

    [Fact]
    public void Only_workers_run_on_their_processors()
    {
        Assert.SkipUnless(System.Environment.ProcessorCount > 1, "needs two processors");
        using Topology topology = new();
        using DaemonHost daemon = new(topology.Add("host"), "system: {processors: [1]}");

        foreach (string thread in Directory.GetDirectories($"/proc/{daemon.Id}/task"))
        {
            bool isWorker = File.ReadAllText(Path.Combine(thread, "comm")).StartsWith("fastpath-worker", System.StringComparison.Ordinal);
            string allowed = File.ReadLines(Path.Combine(thread, "status"))
                .First(line => line.StartsWith("Cpus_allowed_list:", System.StringComparison.Ordinal))["Cpus_allowed_list:".Length..].Trim();
            Assert.Equal(isWorker, allowed == "1");
        }
    }

    private static void AssertReaches(Space a, Space b)
    {
        b.WaitUntilUp("eth0");
        Assert.Equal(3, Ping.Run(a, "10.0.0.2").Received);
    }

    // The same MAC whenever it is plugged in again: the neighbors' kernels keep what they learned for a while.
    private static void Plug(Space host, string device, Space container, string address) =>
        Topology.Plug(host, device, container, address, mac: $"02:00:00:00:00:{device[1] - 'a' + 1:x2}");
}
