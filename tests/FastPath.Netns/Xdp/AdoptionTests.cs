using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text.RegularExpressions;
using System.Threading;
using FastPath.Netns.Support;
using FastPath.Xdp;
using FastPath.Xdp.Interop;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Netns.Xdp;

/// <summary>
/// A forwarder is killed with SIGKILL under traffic, and a new process goes on with its memory, sockets and pinned programs.
/// This process is the keeper.
/// </summary>
public sealed partial class AdoptionTests : IDisposable
{
    private readonly Topology _topology = new();
    private readonly Space _switch;
    private readonly Space _left;
    private readonly Space _right;
    private readonly string _pins = $"/run/fastpath-test-{Environment.ProcessId}";
    private int[] _kept = [];

    public AdoptionTests()
    {
        _switch = _topology.Add("switch");
        _left = _topology.Add("left");
        _right = _topology.Add("right");
        foreach ((Space space, string device, string address) in new[] { (_left, "pl", "10.0.0.1/24"), (_right, "pr", "10.0.0.2/24") })
        {
            Topology.Connect(_switch, device, space, "eth0");
            space.Run("ethtool", "-K", "eth0", "tx", "off", "txvlan", "off").OrFail();
            space.Ip("addr", "add", address, "dev", "eth0");
        }

        Assert.NotNull(BpfDirectory.Prepare(_pins));
    }

    public void Dispose()
    {
        foreach (string device in new[] { "pl", "pr" })
            XdpProgram.RemovePins(BpfDirectory.ForPort(_pins, device));
        CloseKept();
        _topology.Dispose();
        Mounts.Unmount(_pins);
        Directory.Delete(_pins);
    }

    [Fact]
    public void No_ping_and_no_frame_is_lost_when_the_forwarder_is_killed_and_adopted()
    {
        using Child first = Start("create");
        _left.Run("ping", "-c", "3", "-i", "0.05", "-W", "2", "10.0.0.2").OrFail();
        RunningCommand ping = _left.Start("ping", "-c", "200", "-i", "0.01", "-W", "2", "10.0.0.2");
        SpinWait.SpinUntil(() => Regex.Count(ping.Output, "icmp_seq") >= 60 || ping.HasExited, TimeSpan.FromSeconds(10));
        first.Kill();
        using Child second = Start("adopt");
        string result = ping.Wait(TimeSpan.FromSeconds(20)).Output;
        Assert.Contains("200 packets transmitted, 200 received", result, StringComparison.Ordinal);
        second.EndAndCheck();
    }

    [Fact]
    public void The_account_of_frames_closes_after_kills_at_any_moment_under_a_flood()
    {
        Random random = new(Environment.ProcessId);
        int kills = Counts.Of(100, "kills and adoptions");
        Child child = Start("create");
        _left.Run("ping", "-c", "1", "-W", "5", "10.0.0.2").OrFail();
        TimeSpan span = TimeSpan.FromSeconds(60 + (kills * 3));
        string seconds = span.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        _left.Start("ping", "-f", "-q", "-w", seconds, "10.0.0.2");
        _right.Start("ping", "-f", "-q", "-s", "1400", "-w", seconds, "10.0.0.1");
        RunningCommand server = _right.Start("iperf3", "-s", "-1", "--forceflush");
        server.WaitForText("listening", TimeSpan.FromSeconds(5));
        _left.Start("iperf3", "-u", "-b", "300M", "-l", "200", "-t", seconds, "-c", "10.0.0.2");
        for (int n = 0; n < kills; n++)
        {
            Thread.Sleep(random.Next(200)); // the moment of the kill, not a wait for something
            child.Kill();
            child.Dispose();
            child = Start("adopt");
        }

        // It goes on: both ways, once the containers have found each other again after so many gaps.
        _left.Run("ping", "-c", "3", "-i", "0.2", "-W", "5", "10.0.0.2").OrFail();
        child.EndAndCheck();
        child.Dispose();
    }

    [Fact]
    public void Killed_for_good_nothing_of_the_container_reaches_a_host_that_forwards_until_the_pins_are_removed()
    {
        _switch.Run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.pl.rp_filter=0")
            .OrFail();
        Space outside = _topology.Add("outside");
        Topology.Connect(_switch, "out", outside, "eth0");
        _switch.Ip("addr", "add", "192.0.2.1/24", "dev", "out");
        outside.Ip("addr", "add", "192.0.2.2/24", "dev", "eth0");
        string mac = _switch.IpJson("link", "show", "pl")[0].GetProperty("address").GetString()!;
        byte[] frame = Eth(mac) / Ip4("10.0.0.1", "192.0.2.2") / Udp(7, 9, payload: 777);
        using RawDevice container = new(_left, "eth0");
        using RawDevice wire = new(outside, "eth0");

        using (Child child = Start("create"))
            child.Kill();
        CloseKept(); // no keeper: the sockets are gone, and only the pinned programs are left
        Assert.Equal(0, CountArrivals(container, wire, frame));

        // The counter-proof, and what an unpinned link would do at the kill itself.
        XdpProgram.RemovePins(BpfDirectory.ForPort(_pins, "pl"));
        Assert.True(SpinWait.SpinUntil(() => !_switch.HasProgram("pl"), TimeSpan.FromSeconds(5)));
        Assert.Equal(20, CountArrivals(container, wire, frame));
    }

    [Fact]
    public void Memory_that_is_not_a_UMEM_file_is_refused()
    {
        int file = Sys.MemoryFile("other\0"u8, 8192);
        try
        {
            Assert.Throws<XdpException>(() => UmemAdoption.Adopt(file, []));
        }
        finally
        {
            Sys.Close(file);
        }
    }

    private void CloseKept()
    {
        foreach (int descriptor in _kept)
            Sys.Close(descriptor);
        _kept = [];
    }

    /// <summary>Sends a frame 20 times and counts those of its length that come out.</summary>
    private static int CountArrivals(RawDevice from, RawDevice to, byte[] frame)
    {
        for (int n = 0; n < 20; n++)
            Assert.True(from.TrySend(frame));
        int arrived = 0;
        while (to.Receive(waitMs: 500) is { Length: > 0 } received)
            arrived += received.Length == frame.Length ? 1 : 0;
        return arrived;
    }

    private Child Start(string mode)
    {
        (DescriptorChannel channel, int inherited) = DescriptorChannel.CreatePair();
        using (channel)
        {
            Child child = new(_switch, mode, inherited, _pins);
            Sys.Close(inherited);
            if (mode == "create")
            {
                if (!channel.TryReceive(out byte kind, out _kept))
                    Assert.Fail(child.Failure);
                Assert.Equal((byte)'k', kind);
            }
            else
            {
                channel.Send((byte)'k', _kept);
            }

            child.WaitUntilReady();
            return child;
        }
    }

    /// <summary>One forwarder. nsenter keeps the mount namespace, where the pins are.</summary>
    private sealed class Child : IDisposable
    {
        private readonly Process _process;

        public Child(Space space, string mode, int channel, string pins)
        {
            ProcessStartInfo start = new("nsenter")
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (string argument in new[]
                { "--net=/run/netns/" + space.Name, "--", Native.Forwarder, mode, $"{channel}", Native.Port, pins, "fpanchor", "pl", "pr" })
                start.ArgumentList.Add(argument);
            _process = Process.Start(start)!;
        }

        public string Failure => _process.WaitForExit(1000) ? _process.StandardError.ReadToEnd() : "";

        public void Kill()
        {
            _process.Kill(); // SIGKILL
            _process.WaitForExit();
        }

        public void WaitUntilReady()
        {
            List<string> lines = [];
            while (_process.StandardOutput.ReadLine() is { } line && line != "ready")
                lines.Add(line);
            if (lines.Count != 1 || !lines[0].EndsWith("fault none", StringComparison.Ordinal))
                Assert.Fail(string.Join('\n', lines) + Failure);
        }

        /// <summary>Lets it stop, and demands that its account closes and that it has forwarded.</summary>
        public void EndAndCheck()
        {
            _process.StandardInput.Close();
            string output = _process.StandardOutput.ReadToEnd();
            _process.WaitForExit();
            Assert.Contains("fault none", output, StringComparison.Ordinal);
            MatchCollection ports = PortLine().Matches(output);
            Assert.Equal(2, ports.Count);
            foreach (Match port in ports)
            {
                Assert.NotEqual("0", port.Groups["received"].Value);
                Assert.Equal("0", port.Groups["strange"].Value);
            }
        }

        public void Dispose()
        {
            if (!_process.HasExited)
                Kill();
            _process.Dispose();
        }
    }

    [GeneratedRegex(@"port \S+ received (?<received>\d+) strange (?<strange>\d+)")]
    private static partial Regex PortLine();
}
