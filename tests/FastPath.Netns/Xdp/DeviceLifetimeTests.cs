using System;
using System.Threading;
using FastPath.Dataplane.Ports;
using FastPath.Netns.Support;
using Xunit;

namespace FastPath.Netns.Xdp;

/// <summary>Devices change under a running worker: the other ports go on, and no frame is lost from the account.</summary>
public sealed class DeviceLifetimeTests
{
    [Theory]
    [InlineData("switch")]
    [InlineData("container")]
    public void Down_and_up_again_packets_pass_by_themselves(string end)
    {
        using XdpSwitch bench = new();
        bench.Start();
        Traffic.Ping(bench, 1, 2);
        Space space = end == "switch" ? bench.Switch : bench.Containers[0];
        string device = end == "switch" ? "port1" : "eth0";
        space.Ip("link", "set", device, "down");
        bench.Containers[1].Run("ping", "-c", "3", "-i", "0.05", "-W", "1", XdpSwitch.AddressOf(1)); // gets no answer
        space.Ip("link", "set", device, "up");
        Traffic.Ping(bench, 2, 1);
        bench.Stop();
        Assert.Equal(DeviceState.Up, bench.Ports[0].State);
        Assert.Null(bench.FindFault());
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("moved")]
    public void Gone_under_traffic_the_others_go_on_and_a_new_device_takes_its_place(string how)
    {
        using XdpSwitch bench = new(new SwitchOptions { Containers = 3 });
        bench.Start();
        Traffic.Ping(bench, 1, 2);
        bench.Containers[1].Start("ping", "-f", "-q", "-w", "20", XdpSwitch.AddressOf(1));
        bench.Containers[0].Start("ping", "-f", "-q", "-s", "1400", "-w", "20", XdpSwitch.AddressOf(3));
        SpinWait.SpinUntil(() => bench.Ports[0].Counters.Read(PortCounter.RxPackets) > 500, TimeSpan.FromSeconds(10));
        if (how == "removed")
            bench.Switch.Ip("link", "del", "port1");
        else
            bench.Switch.Ip("link", "set", "port1", "netns", bench.Containers[1].Name, "name", "away");
        Traffic.Ping(bench, 2, 3);
        Traffic.Ping(bench, 3, 2);

        bench.RemovePort(bench.Ports[0]);
        if (how == "moved")
            bench.Containers[1].Ip("link", "del", "away");
        bench.ConnectContainer(1);
        bench.RenewPort(1);
        Traffic.Ping(bench, 1, 3);
        bench.Stop();
        Assert.Null(bench.FindFault());
    }

    [Fact]
    public void A_smaller_MTU_drops_what_is_too_long_and_the_larger_one_passes_again()
    {
        using XdpSwitch bench = new(new SwitchOptions { Mtu = 9000 });
        bench.Start();
        Traffic.Ping(bench, 1, 2, payload: 8000);
        bench.SetMtu(2, 1500);
        bench.Containers[0].Run("ping", "-c", "3", "-i", "0.05", "-W", "1", "-s", "8000", "-M", "do", XdpSwitch.AddressOf(2));
        Assert.NotEqual(0UL, bench.Ports[1].Counters.Read(PortCounter.TxDeviceDropped));
        Traffic.Ping(bench, 1, 2, payload: 1400);
        bench.SetMtu(2, 9000);
        Traffic.Ping(bench, 1, 2, payload: 8000);
        bench.Stop();
        Assert.Null(bench.FindFault());
    }

    [Fact]
    public void A_port_that_ends_with_frames_in_every_ring_gives_all_of_them_back()
    {
        using XdpSwitch bench = new();
        XdpPort port = bench.Ports[0];
        using (RawDevice container = new(bench.Containers[0], "eth0"))
        {
            for (int n = 0; n < 20; n++)
                container.TrySend(new byte[60]); // stay in the RX ring
        }

        bench.Switch.Ip("link", "set", "port1", "down");
        bench.Send(port, new byte[60], new byte[60]); // stay in the TX ring
        Assert.Equal(2, port.InFlight);
        XdpPort other = bench.Ports[1];
        bench.RemovePort(port);
        Assert.Equal(bench.Memory.Umem.ChunkCount - other.PostedChunks, bench.Memory.Umem.FreeCount);
        Assert.Null(bench.FindFault());
    }

    [Fact]
    public void A_frame_flooded_to_several_ports_is_freed_by_the_last_also_when_one_is_removed_with_it_in_flight()
    {
        using XdpSwitch bench = new(new SwitchOptions { Containers = 3 });
        bench.Switch.Ip("link", "set", "port2", "down"); // keeps its copy in the ring
        using RawDevice container = new(bench.Containers[0], "eth0");
        byte[] broadcast = new byte[200];
        broadcast.AsSpan(0, 6).Fill(0xFF);
        broadcast[6] = 2;
        container.TrySend(broadcast);
        bench.Poll(5);
        Assert.Equal(1, bench.Ports[1].InFlight);
        Assert.Equal(0, bench.Ports[2].InFlight);
        Assert.Null(bench.FindFault());
        (XdpPort first, XdpPort third) = (bench.Ports[0], bench.Ports[2]);
        bench.RemovePort(bench.Ports[1]);
        Assert.Null(bench.FindFault());
        Assert.Equal(bench.Memory.Umem.ChunkCount - first.PostedChunks - third.PostedChunks, bench.Memory.Umem.FreeCount);
    }
}
