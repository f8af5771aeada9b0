using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FastPath.Api;
using FastPath.Netns.Support;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Netns.Control;

/// <summary>Changes of a running daemon by REST: what they make, and what they leave.</summary>
public sealed class ChangeTests
{
    [Fact]
    public async Task An_uplink_and_the_punt_link_are_removed()
    {
        using Topology topology = new();
        (Space host, Space node) = (topology.Add("host"), topology.Add("node"));
        Topology.Connect(host, "up0", node, "up0");
        using DaemonHost daemon = new(host, """
            uplinks: {up: {device: up0}}
            bridges: {blue: {gateway: {addresses: [10.0.0.254/24]}}}
            punt: {hostAddresses: [169.254.77.1/30], addresses: [169.254.77.2/30]}
            """);
        Assert.True(host.HasProgram("up0"));

        await daemon.Client.Delete("uplinks/up");
        await daemon.Client.Delete("punt");

        Assert.False(host.HasProgram("up0"));
        Assert.DoesNotContain("fphost", host.Devices());
        Assert.Equal(("ready", 3), await StateOf(daemon));
    }

    [Fact]
    public async Task The_hosts_end_of_the_punt_link_has_the_addresses_of_the_configuration_and_no_others()
    {
        const string Punt = """
            bridges: {blue: {gateway: {addresses: [10.0.0.254/24]}}}
            punt: {hostAddresses: [169.254.77.1/30], addresses: [169.254.77.2/30]}
            """;
        using Topology topology = new();
        Space host = topology.Add("host");
        using DaemonHost daemon = new(host, Punt);
        Assert.Equal(["10.0.0.254", "169.254.77.1"], Addresses(host, "fphost"));

        await daemon.Apply(Punt.Replace("169.254.77", "169.254.78", StringComparison.Ordinal));
        Assert.Equal(["10.0.0.254", "169.254.78.1"], Addresses(host, "fphost"));

        daemon.Restart(Punt.Replace("169.254.77", "169.254.79", StringComparison.Ordinal));
        Assert.Equal(["10.0.0.254", "169.254.79.1"], Addresses(host, "fphost"));
    }

    [Fact]
    public async Task A_device_whose_queue_is_busy_is_left_as_it_was_and_can_be_had_later()
    {
        using Topology topology = new();
        (Space host, Space a) = (topology.Add("host"), topology.Add("a"));
        Topology.Connect(host, "pa", a, "eth0");
        using DaemonHost daemon = new(host, "bridges: {blue: }\n");
        PortConfig port = new() { Device = "pa", Bridge = "blue" };
        using (Umem umem = Umem.Create(new UmemOptions(64)))
        using (host.Handle.Run(() => XdpSocket.OpenFirst(umem, host.IndexOf("pa"), 0, new XdpSocketOptions())))
            await Assert.ThrowsAsync<FastPathException>(() => daemon.Client.Put("ports/a", port));

        Assert.False(host.HasProgram("pa"));
        Assert.Empty(daemon.PinnedPorts);

        await daemon.Client.Put("ports/a", port);
        Assert.Equal(("ready", 2), await StateOf(daemon));
    }

    [Fact]
    public async Task A_device_with_more_queues_than_the_socket_map_is_refused_with_what_to_do()
    {
        using Topology topology = new();
        Space host = topology.Add("host");
        host.Ip("link", "add", "pa", "numrxqueues", "65", "type", "veth", "peer", "name", "pb");
        using DaemonHost daemon = new(host, "bridges: {blue: }\n");

        FastPathException refused = await Assert.ThrowsAsync<FastPathException>(
            () => daemon.Client.Put("ports/a", new PortConfig { Device = "pa", Bridge = "blue" }));

        Assert.Contains("/ports/a/device: pa has 65 receive queues", refused.Message, StringComparison.Ordinal);
        Assert.False(host.HasProgram("pa"));
    }

    [Fact]
    public async Task A_refused_port_leaves_no_veth_in_the_container_no_pins_and_no_packet_memory()
    {
        using Topology topology = new();
        (Space host, Space a) = (topology.Add("host"), topology.Add("a"));
        foreach (string which in (string[])["all", "default"]) // the kernel refuses addresses of a family that is off
            a.Run("sysctl", "-q", "-w", $"net.ipv6.conf.{which}.disable_ipv6=1").OrFail();
        using DaemonHost daemon = new(host, "bridges: {blue: }\n");
        int before = MemoriesOf(daemon);

        for (int n = 0; n < 30; n++) // more than share one packet memory
            await Assert.ThrowsAsync<FastPathException>(() => daemon.Apply(
                "bridges: {blue: }\nports: {a: {bridge: blue, container: {namespace: NS-a, addresses: [\"fd00::1/64\"]}}}\n"));

        Assert.DoesNotContain("eth0", a.Devices());
        Assert.DoesNotContain("fp-a", host.Devices());
        Assert.Empty(daemon.PinnedPorts);
        Assert.Equal(before, MemoriesOf(daemon));
    }

    [Fact]
    public async Task The_pins_of_a_port_whose_container_is_gone_go_with_the_port()
    {
        using Topology topology = new();
        (Space host, Space a) = (topology.Add("host"), topology.Add("a"));
        using DaemonHost daemon = new(host,
            "bridges: {blue: }\nports: {a: {bridge: blue, container: {namespace: NS-a, addresses: [10.0.0.1/24]}}}\n");
        daemon.WaitFor(a.Dispose, "ports/a: missing");
        Assert.Equal(["port-a"], daemon.PinnedPorts);

        await daemon.Client.Delete("ports/a");

        Assert.Empty(daemon.PinnedPorts);
    }

    [Fact]
    public async Task A_port_changes_its_name_and_its_checksums_while_its_device_stays()
    {
        using Topology topology = new();
        using DaemonHost daemon = StartBridged(topology, out _, out Space a);

        await daemon.Apply(DaemonHost.TwoDevices.Replace("b: {device", "renamed: {device", StringComparison.Ordinal));
        Assert.Equal(["port-a", "port-renamed"], daemon.PinnedPorts);
        Assert.Equal(3, Ping.Run(a, "10.0.0.2").Received);

        await daemon.Apply(DaemonHost.TwoDevices.Replace("pa,", "pa, checksums: device,", StringComparison.Ordinal));
        Assert.Equal(["port-a", "port-b"], daemon.PinnedPorts);
        Assert.Equal(3, Ping.Run(a, "10.0.0.2").Received);
        Assert.Equal(("ready", 3), await StateOf(daemon));
    }

    [Fact]
    public void The_host_cannot_speak_to_a_container_by_its_ports_device()
    {
        using Topology topology = new();
        using DaemonHost daemon = StartBridged(topology, out Space host, out Space a);
        Assert.Equal(3, Ping.Run(a, "10.0.0.2").Received);
        host.Ip("addr", "add", "10.0.0.200/24", "dev", "pa");

        Assert.NotEqual(0, host.Run("ping", "-c2", "-i0.2", "-W1", "10.0.0.1").ExitCode);

        Assert.Empty(a.Run("ip", "neigh", "show", "10.0.0.200").OrFail().Output); // not even its question was heard
    }

    [Fact]
    public async Task A_device_whose_port_is_deleted_is_the_hosts_again()
    {
        using Topology topology = new();
        using DaemonHost daemon = StartBridged(topology, out Space host, out Space a);
        host.Ip("addr", "add", "10.0.0.200/24", "dev", "pa");

        await daemon.Client.Delete("ports/a");

        Assert.Equal(3, Ping.Run(a, "10.0.0.200").Received);
        Assert.Equal(3, Ping.Run(host, "10.0.0.1").Received);
    }

    [Fact]
    public async Task Another_MTU_is_set_on_the_interface_that_the_container_has()
    {
        const string Container = """
            bridges: {blue: {gateway: {addresses: [10.0.0.254/24]}}}
            ports: {a: {bridge: blue, mtu: 1500, container: {namespace: NS-a, addresses: [10.0.0.1/24]}}}
            """;
        using Topology topology = new();
        (Space host, Space a) = (topology.Add("host"), topology.Add("a"));
        using DaemonHost daemon = new(host, Container);
        int index = a.IndexOf("eth0");

        daemon.Restart(Container.Replace("1500", "1400", StringComparison.Ordinal));
        Assert.Equal((index, 1400), (a.IndexOf("eth0"), MtuOf(a, "eth0")));

        await daemon.Apply(Container.Replace("1500", "9000", StringComparison.Ordinal));
        Assert.Equal((index, 9000), (a.IndexOf("eth0"), MtuOf(a, "eth0")));
        a.WaitUntilUp("eth0");
        Assert.Equal(3, Ping.Run(a, "10.0.0.254").Received);
    }

    [Theory]
    [InlineData("fp", "-of-another", "with the name fp")]
    [InlineData("other", "", "pins")]
    public async Task A_second_daemon_of_the_same_name_or_pins_ends_before_it_touches_anything(
        string name, string pins, string says)
    {
        using Topology topology = new();
        using DaemonHost daemon = StartBridged(topology, out Space host, out Space a);

        CommandResult second = host.Run(DaemonHost.Program,
            "--config", daemon.Config, "--name", name, "--bpffs", daemon.Pins + pins, "--socket", daemon.Socket + "2");

        Assert.Equal(1, second.ExitCode);
        Assert.Contains(says, second.Error, StringComparison.Ordinal);
        Assert.Equal(3, Ping.Run(a, "10.0.0.2").Received);
        Assert.Equal(("ready", 1), await StateOf(daemon));
    }

    [Fact]
    public void A_processor_that_is_not_there_ends_the_start_with_its_place_in_the_file()
    {
        using Topology topology = new();
        Space host = topology.Add("host");
        using DaemonHost daemon = new(host, "bridges: {blue: }\n");
        daemon.Stop();
        File.WriteAllText(daemon.Config, "system: {processors: [1023]}\n");

        CommandResult start = host.Run(DaemonHost.Program, "--config", daemon.Config, "--bpffs", "", "--socket", daemon.Socket);

        Assert.Equal(2, start.ExitCode);
        Assert.Contains("/system/processors/0: there is no processor 1023", start.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_system_shows_who_was_granted_what()
    {
        using Topology topology = new();
        (Space host, Space a) = (topology.Add("host"), topology.Add("a"));
        using DaemonHost daemon = new(host,
            "system: {chunkBytes: 4096}\nbridges: {blue: }\nports: {a: {bridge: blue, container: {namespace: NS-a}}}\n");

        SystemView system = await daemon.Client.System();

        foreach (string feature in (string[])["pinning", "nativeXdp", "xdpFrags", "bpfLink", "hostFence", "epollPwait2", "multiBuffer"])
            Assert.Equal("granted", system.Features[feature]);
        Assert.DoesNotContain("unalignedChunks", system.Features.Keys); // not needed for chunks of a page
        _ = a;
    }

    private static async Task<(string State, long Revision)> StateOf(DaemonHost daemon)
    {
        SystemView system = await daemon.Client.System();
        return (system.State, system.Revision);
    }

    private static int MtuOf(Space space, string device) =>
        space.IpJson("link", "show", "dev", device)[0].GetProperty("mtu").GetInt32();

    /// <summary>IPv4 addresses of a device, sorted.</summary>
    private static string[] Addresses(Space space, string device) =>
        [.. space.IpJson("addr", "show", "dev", device)[0].GetProperty("addr_info").EnumerateArray()
            .Where(address => address.GetProperty("family").GetString() == "inet")
            .Select(address => address.GetProperty("local").GetString()!).Order()];

    /// <summary>Files of packet memory that a daemon has open.</summary>
    private static int MemoriesOf(DaemonHost daemon) =>
        Directory.GetFiles($"/proc/{daemon.Id}/fd").Count(path => new FileInfo(path).LinkTarget?.Contains("memfd:") == true);

    /// <summary>A daemon with <see cref="DaemonHost.TwoDevices"/>: "a" has 10.0.0.1, "b" 10.0.0.2.</summary>
    private static DaemonHost StartBridged(Topology topology, out Space host, out Space a)
    {
        (host, a) = (topology.Add("host"), topology.Add("a"));
        Topology.Plug(host, "pa", a, "10.0.0.1/24");
        Topology.Plug(host, "pb", topology.Add("b"), "10.0.0.2/24");
        return new DaemonHost(host, DaemonHost.TwoDevices);
    }
}
