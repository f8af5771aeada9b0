using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FastPath.Netns.Support;
using Xunit;

namespace FastPath.Netns.Control;

/// <summary>Programs that are pinned: whose they are, and how they go with their ports.</summary>
public sealed class PinsTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private const string None = "bridges: {blue: }\n";
    private const string One =
        None + "ports: {a: {bridge: blue, container: {namespace: NS-a, addresses: [10.0.0.1/24]}}}\n";

    [Fact]
    public void A_second_daemon_in_another_network_namespace_does_not_get_the_directory()
    {
        using Topology topology = new();
        (Space host, Space other, Space a) = (topology.Add("host"), topology.Add("other"), topology.Add("a"));
        using DaemonHost daemon = new(host, One);

        CommandResult second = other.Run(
            DaemonHost.Program, "--config", daemon.Config, "--bpffs", daemon.Pins, "--socket", daemon.Socket + "2");

        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"fastpathd runs with its pins in {daemon.Pins}", second.Error, StringComparison.Ordinal);
        Assert.Equal(0, a.Run("ip", "link", "show", "eth0").ExitCode);
    }

    [Fact]
    public async Task A_pair_goes_before_the_program_that_closes_it()
    {
        using Topology topology = new();
        Space host = topology.Add("host");
        topology.Add("a");
        using DaemonHost daemon = new(host, One);
        using RunningCommand monitor = host.Start("ip", "monitor", "link");
        Assert.True(SpinWait.SpinUntil(() => IsListening(monitor.Id), s_patience));

        await daemon.Client.Delete("ports/a");
        monitor.WaitForText("Deleted", s_patience);

        string[] seen =
            [.. monitor.Output.Split('\n').Where(line => line.Contains(": fp-a@", StringComparison.Ordinal))];
        Assert.Contains(seen, line => line.StartsWith("Deleted", StringComparison.Ordinal));
        Assert.All(seen.Where(line => !line.StartsWith("Deleted", StringComparison.Ordinal)),
            line => Assert.Contains(" xdp", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_program_whose_pins_cannot_be_removed_is_let_go()
    {
        using Topology topology = new();
        (Space host, Space a) = (topology.Add("host"), topology.Add("a"));
        using DaemonHost daemon = new(host, None);
        await daemon.Apply(One);
        await daemon.Apply(None);
        int before = ProgramsOf(daemon); // the first port has made what stays
        await daemon.Apply(One);
        Directory.CreateDirectory(Path.Combine(daemon.Pins, "port-a", "foreign"));

        await daemon.Apply(None);

        Assert.NotEqual(0, a.Run("ip", "link", "show", "eth0").ExitCode);
        Assert.Equal(before, ProgramsOf(daemon));
    }

    /// <summary>Whether a process hears of links: its netlink socket has groups (/proc/net/netlink).</summary>
    private static bool IsListening(int id) => File.ReadLines($"/proc/{id}/net/netlink").Skip(1)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Any(columns => columns[2] == $"{id}" && columns[3] != "00000000");

    /// <summary>Programs, maps and links that a daemon has open.</summary>
    private static int ProgramsOf(DaemonHost daemon) => Directory.GetFiles($"/proc/{daemon.Id}/fd")
        .Count(path => new FileInfo(path).LinkTarget?.StartsWith("anon_inode:bpf", StringComparison.Ordinal) == true);
}
