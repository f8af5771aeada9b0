using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FastPath.Api;
using FastPath.Netns.Support;
using Xunit;

namespace FastPath.Netns.Control;

/// <summary>The same again and again: what happens once in a hundred times, and what each time leaves a little of.</summary>
public sealed class EnduranceTests
{
    private const string Containers = """
        bridges: {blue: }
        ports:
          a: {bridge: blue, container: {namespace: NS-a, addresses: [10.0.0.1/24]}}
          b: {bridge: blue, container: {namespace: NS-b, addresses: [10.0.0.2/24]}}
        """;

    [Fact]
    public void A_link_that_flaps_comes_back_each_time()
    {
        using Topology topology = new();
        (Space host, Space a, Space b) = (topology.Add("host"), topology.Add("a"), topology.Add("b"));
        using DaemonHost daemon = new(host, Containers);
        string before = Held(daemon);

        for (int n = Counts.Of(100, "link flaps"); n > 0; n--)
        {
            daemon.WaitFor(() => host.Ip("link", "set", "fp-b", "down"), "ports/b: down");
            daemon.WaitFor(() => host.Ip("link", "set", "fp-b", "up"), "ports/b: up on fp-b");
            Assert.Equal(1, Ping.Run(a, "10.0.0.2", count: 1).Received);
        }

        Assert.Equal(before, Held(daemon));
        _ = b;
    }

    [Fact]
    public async Task Ports_that_come_and_go_leave_nothing()
    {
        using Topology topology = new();
        (Space host, Space a, Space c) = (topology.Add("host"), topology.Add("a"), topology.Add("c"));
        _ = topology.Add("b");
        using DaemonHost daemon = new(host, Containers);
        PortConfig port = new()
        {
            Bridge = "blue",
            Container = new ContainerEnd { Namespace = c.Name, Addresses = ["10.0.0.3/24"] },
        };
        await daemon.Client.Put("ports/c", port); // the first of all may open what stays
        await daemon.Client.Delete("ports/c");
        string before = Held(daemon);

        for (int n = Counts.Of(1000, "ports added and deleted"); n > 0; n--)
        {
            await daemon.Client.Put("ports/c", port);
            if (n % 10 == 0)
                Assert.Equal(1, Ping.Run(a, "10.0.0.3", count: 1).Received);
            await daemon.Client.Delete("ports/c");
        }

        Assert.Equal(before, Held(daemon));
        Assert.Equal(["port-a", "port-b"], daemon.PinnedPorts);
        Assert.Equal(["fp-a", "fp-b"], host.Devices().Where(name => name.StartsWith("fp-", StringComparison.Ordinal)));
        Assert.Equal(1, Ping.Run(a, "10.0.0.2", count: 1).Received);
    }

    [Fact]
    public void A_daemon_that_is_restarted_finds_its_containers_each_time()
    {
        using Topology topology = new();
        (Space host, Space a) = (topology.Add("host"), topology.Add("a"));
        _ = topology.Add("b");
        using DaemonHost daemon = new(host, Containers);
        int index = a.IndexOf("eth0");

        for (int n = Counts.Of(20, "restarts"); n > 0; n--)
        {
            daemon.Restart(Containers);
            Assert.Equal(1, Ping.Run(a, "10.0.0.2", count: 1).Received);
        }

        Assert.Equal(index, a.IndexOf("eth0")); // it kept its interface, and with it its addresses and routes
    }

    /// <summary>
    /// Descriptors of the daemon by kind, and its own threads. The runtime opens assemblies when it needs them, and its
    /// pool's threads come and go: these are not counted.
    /// </summary>
    private static string Held(DaemonHost daemon)
    {
        IEnumerable<string> kinds = Directory.GetFiles($"/proc/{daemon.Id}/fd")
            .Select(file => new FileInfo(file).LinkTarget ?? "closed")
            .Where(target => !target.EndsWith(".dll", StringComparison.Ordinal) && !target.EndsWith(".pdb", StringComparison.Ordinal))
            .CountBy(target => target.Split('[', '(')[0].TrimEnd())
            .OrderBy(kind => kind.Key, StringComparer.Ordinal)
            .Select(kind => $"{kind.Value} {kind.Key}");
        int threads = Directory.GetDirectories($"/proc/{daemon.Id}/task")
            .Count(task => File.ReadAllText(Path.Combine(task, "comm")).StartsWith('f'));
        return $"{string.Join(", ", kinds)}; {threads} threads";
    }
}
