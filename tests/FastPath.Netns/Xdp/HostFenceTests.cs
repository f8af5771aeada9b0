using System;
using System.IO;
using FastPath.Netns.Support;
using FastPath.Xdp;
using FastPath.Xdp.Interop;
using Xunit;

namespace FastPath.Netns.Xdp;

/// <summary>What stands between a dedicated port's device and the host's stack when the device has no XDP program.</summary>
public sealed class HostFenceTests : IDisposable
{
    private readonly Topology _topology = new();
    private readonly Space _host;
    private readonly Space _container;
    private readonly string _directory = $"/run/fastpath-fence-{Environment.ProcessId}";
    private readonly string _pins;

    public HostFenceTests()
    {
        _host = _topology.Add("h");
        _container = _topology.Add("c");
        Topology.Connect(_host, "port.1", _container, "eth0");
        _host.Ip("addr", "add", "10.0.0.254/24", "dev", "port.1");
        _container.Ip("addr", "add", "10.0.0.1/24", "dev", "eth0");
        Assert.Equal(_directory, BpfDirectory.Prepare(_directory));
        _pins = BpfDirectory.ForPort(_directory, "port.1");
    }

    public void Dispose()
    {
        BpfPins.Remove(_pins);
        _topology.Dispose();
        Mounts.Unmount(_directory);
        Directory.Delete(_directory);
    }

    [Fact]
    public void Nothing_passes_in_either_direction_while_it_stands()
    {
        _container.Run("ping", "-c1", "-W5", "10.0.0.254").OrFail(); // both know each other's MAC address
        using (Attach(pins: null))
        {
            (long host, long container) = (ReceivedByHost(), ReceivedByContainer());

            Assert.NotEqual(0, _container.Run("ping", "-c2", "-i0.2", "-W1", "10.0.0.254").ExitCode);
            Assert.Equal(host, ReceivedByHost());
            Assert.NotEqual(0, _host.Run("ping", "-c2", "-i0.2", "-W1", "10.0.0.1").ExitCode);
            Assert.Equal(container, ReceivedByContainer());
        }

        _container.Run("ping", "-c1", "-W5", "10.0.0.254").OrFail(); // unpinned, it went with its descriptors
    }

    [Fact]
    public void Pinned_it_outlives_its_process_and_a_new_one_takes_the_same_links_over()
    {
        Attach(_pins).Dispose();
        Assert.NotEqual(0, _container.Run("ping", "-c1", "-W1", "10.0.0.254").ExitCode);

        Attach(_pins).Dispose();
        BpfPins.Remove(_pins);

        _container.Run("ping", "-c1", "-W5", "10.0.0.254").OrFail();
    }

    [Fact]
    public void Pins_of_a_device_that_is_gone_are_replaced()
    {
        Attach(_pins).Dispose();
        _host.Ip("link", "del", "port.1");
        Topology.Connect(_host, "port.1", _container, "eth0");
        _host.Ip("addr", "add", "10.0.0.254/24", "dev", "port.1");
        _container.Ip("addr", "add", "10.0.0.1/24", "dev", "eth0");

        Attach(_pins).Dispose();

        Assert.NotEqual(0, _container.Run("ping", "-c1", "-W1", "10.0.0.254").ExitCode);
    }

    [Fact]
    public void Refused_it_does_not_stand_and_says_so()
    {
        using HostFence fence = Attach(_pins, KernelFeature.HostFence);

        Assert.False(fence.IsUp);
        _container.Run("ping", "-c1", "-W5", "10.0.0.254").OrFail();
    }

    private HostFence Attach(string? pins, KernelFeature refused = KernelFeature.None) =>
        _host.Handle.Run(() => HostFence.Attach(Native.Fence, _host.IndexOf("port.1"), pins, refused));

    /// <summary>IPv4 packets that the host's stack got.</summary>
    private long ReceivedByHost()
    {
        string[] lines = _host.Run("grep", "Ip:", "/proc/net/snmp").OrFail().Output.Split('\n');
        int field = Array.IndexOf(lines[0].Split(' '), "InReceives");
        return long.Parse(lines[1].Split(' ')[field], System.Globalization.CultureInfo.InvariantCulture);
    }

    private long ReceivedByContainer() => long.Parse(
        _container.Run("cat", "/sys/class/net/eth0/statistics/rx_packets").OrFail().Output,
        System.Globalization.CultureInfo.InvariantCulture);
}
