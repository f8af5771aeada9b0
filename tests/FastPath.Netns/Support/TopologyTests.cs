using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using FastPath.Xdp.Netlink;
using Xunit;

namespace FastPath.Netns.Support;

/// <summary>The tests' own tools: a test that lies about the kernel would be worse than none.</summary>
public sealed class TopologyTests
{
    [Fact]
    public void A_topology_leaves_nothing_behind()
    {
        Topology topology = new();
        Space space = topology.Add("a");
        RunningCommand sleeper = space.Start("sleep", "600");
        int id = sleeper.Id;
        Assert.True(File.Exists(Path.Combine(NetworkNamespace.NamesDirectory, space.Name)));

        topology.Dispose();

        Assert.False(File.Exists(Path.Combine(NetworkNamespace.NamesDirectory, space.Name)));
        Assert.False(Directory.Exists($"/proc/{id}"));
    }

    [Fact]
    public void What_a_killed_run_left_is_swept_and_what_others_use_is_not()
    {
        Topology.RequireRoot();
        int dead;
        using (Process ended = Process.Start("true"))
        {
            ended.WaitForExit();
            dead = ended.Id;
        }

        string left = $"fpt{dead}-1-a";
        string used = $"fpt{Environment.ProcessId}-0-a";
        string other = "fptools-a";
        string[] all = [left, used, other];
        foreach (string name in all)
            Command.Run(["ip", "netns", "add", name]).OrFail();
        try
        {
            using RunningCommand orphan = new(["ip", "netns", "exec", left, "sleep", "600"]);
            Topology.Sweep();
            Assert.Equal(
                [false, true, true],
                all.Select(name => File.Exists(Path.Combine(NetworkNamespace.NamesDirectory, name))));
        }
        finally
        {
            foreach (string name in all)
                Space.Delete(name);
        }
    }

    [Fact]
    public void A_command_that_takes_too_long_is_killed() =>
        Assert.Contains("still running", Assert.Throws<CommandFailedException>(
            () => Command.Run(["sleep", "600"], TimeSpan.FromMilliseconds(200))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_device_that_comes_up_while_somebody_waits_for_it_is_seen()
    {
        using Topology topology = new();
        (Space left, Space right) = (topology.Add("left"), topology.Add("right"));
        left.Ip("link", "add", "name", "port-l", "type", "veth", "peer", "name", "port-r", "netns", right.Name);
        left.Ip("link", "set", "port-l", "up");

        left.WaitUntilUp("port-l", () => right.Ip("link", "set", "port-r", "up"));

        Assert.Equal("UP", left.IpJson("link", "show", "dev", "port-l")[0].GetProperty("operstate").GetString());
    }

    [Fact]
    public void Ping_tcp_and_capture_see_what_passes_a_veth()
    {
        using Topology topology = new();
        Space left = topology.Add("left");
        Space right = topology.Add("right");
        Topology.Connect(left, "port-l", right, "port-r");
        left.Ip("addr", "add", "10.0.0.1/24", "dev", "port-l");
        right.Ip("addr", "add", "10.0.0.2/24", "dev", "port-r");

        using Capture capture = Capture.Start(right, "port-r", "icmp");
        Assert.Equal(2, Ping.Run(left, "10.0.0.2", count: 2).Received);
        capture.WaitFor(frame => IsEcho(frame, type: 0, sequence: 2), "the second answer");
        Assert.Equal(4, capture.Stop().Count); // two requests, two answers

        Iperf run = Iperf.Run(left, right, "10.0.0.2", seconds: 1);
        Assert.True(run.Bytes > 0 && run.BitsPerSecond > 0);
        Assert.Equal(0, Ping.Run(left, "10.0.0.9", count: 1).Received);
    }

    /// <summary>Behind Ethernet and an IPv4 header without options: type first, sequence number at 6 (RFC 792).</summary>
    private static bool IsEcho(byte[] frame, byte type, byte sequence) =>
        frame[14 + 20] == type && frame[14 + 20 + 7] == sequence;
}
