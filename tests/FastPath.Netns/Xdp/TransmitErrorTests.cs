using System.Linq;
using FastPath.Dataplane;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Telemetry;
using FastPath.Netns.Support;
using FastPath.Xdp;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Netns.Xdp;

/// <summary>
/// Each answer of the kernel to a transmit call that can be had on veth, its counter, and what becomes of the frames. Not
/// to be had on veth at will: ENOBUFS (no memory for a packet) and EINTR.
/// </summary>
public sealed class TransmitErrorTests
{
    private static readonly byte[] s_frame = Eth("ff:ff:ff:ff:ff:ff") / Ip4("10.0.0.9", "10.0.0.1") / Udp(1, 2, payload: 100);

    [Fact]
    public void EAGAIN_with_the_kernels_budget_of_32_sends_all_in_two_calls()
    {
        using XdpSwitch bench = new(new SwitchOptions { Refused = KernelFeature.TxBudget });
        XdpPort port = bench.Ports[0];
        bench.Send(port, [.. Enumerable.Repeat(s_frame, 64)]);
        Assert.Equal(1UL, port.Counters[PortCounter.TxAgain]);
        Assert.Equal(2UL, port.Counters[PortCounter.TxCalls]);
        AssertAllHome(bench, port);
    }

    [Fact]
    public void With_a_budget_of_256_one_call_sends_all()
    {
        using XdpSwitch bench = new();
        XdpPort port = bench.Ports[0];
        bench.Send(port, [.. Enumerable.Repeat(s_frame, 64)]);
        Assert.Equal(0UL, port.Counters[PortCounter.TxAgain]);
        Assert.Equal(1UL, port.Counters[PortCounter.TxCalls]);
        AssertAllHome(bench, port);
    }

    [Fact]
    public void EBUSY_when_the_peer_is_down_drops_one_packet_a_call_and_the_calls_are_bounded()
    {
        using XdpSwitch bench = new();
        XdpPort port = bench.Ports[0];
        bench.Containers[0].Ip("link", "set", "eth0", "down");
        bench.Send(port, [.. Enumerable.Repeat(s_frame, 6)]);
        Assert.Equal(4UL, port.Counters[PortCounter.TxDeviceDropped]);
        Assert.Equal(4UL, port.Counters[PortCounter.TxCalls]);
        Assert.True(port.HasUnsent);
        bench.Poll(2);
        Assert.Equal(6UL, port.Counters[PortCounter.TxDeviceDropped]);
        Assert.False(port.HasUnsent);
        AssertAllHome(bench, port);
    }

    [Fact]
    public void EBUSY_when_the_frame_is_longer_than_the_peer_takes_drops_that_frame_alone()
    {
        using XdpSwitch bench = new();
        XdpPort port = bench.Ports[0];
        using RawDevice container = new(bench.Containers[0], "eth0");
        byte[] tooLong = Eth("ff:ff:ff:ff:ff:ff") / Raw(new byte[1505]); // MTU 1,500, header 14, and 4 for a tag
        bench.Send(port, tooLong, s_frame);
        Assert.Equal(1UL, port.Counters[PortCounter.TxDeviceDropped]);
        Assert.Equal(s_frame, ReceiveOwn(container));
        AssertAllHome(bench, port);
    }

    [Fact]
    public void ENETDOWN_keeps_what_is_in_the_ring_and_sends_it_when_the_device_is_up_again()
    {
        using XdpSwitch bench = new();
        XdpPort port = bench.Ports[0];
        bench.Switch.Ip("link", "set", "port1", "down");
        bench.Send(port, s_frame, s_frame);
        Assert.Equal(1UL, port.Counters[PortCounter.TxDeviceDown]);
        Assert.Equal(DeviceState.Down, port.State);
        Assert.Equal(2, port.InFlight);
        Assert.False(port.HasUnsent); // an idle worker must not wake for a device that is down
        bench.Poll(3);
        Assert.Equal(1UL, port.Counters[PortCounter.TxCalls]);

        bench.Switch.Ip("link", "set", "port1", "up");
        using RawDevice container = new(bench.Containers[0], "eth0");
        port.Retry();
        Assert.Equal(DeviceState.Up, port.State);
        Assert.Equal(s_frame, ReceiveOwn(container));
        AssertAllHome(bench, port);
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("moved")]
    public void ENXIO_when_the_device_is_gone_ends_the_port_and_its_frames_come_home(string how)
    {
        using XdpSwitch bench = new();
        XdpPort port = bench.Ports[0];
        bench.Switch.Ip(how == "removed"
            ? ["link", "del", "port1"]
            : ["link", "set", "port1", "netns", bench.Containers[1].Name]);
        bench.Send(port, s_frame);
        Assert.Equal(1UL, port.Counters[PortCounter.TxUnbound]);
        Assert.Equal(DeviceState.Gone, port.State);
        bench.Send(port, s_frame);
        Assert.Equal(1UL, port.Counters[PortCounter.TxCalls]); // never asked again
        Assert.Equal(1UL, bench.SendCounters.Drops(0, DropReason.PortDown));
        bench.RemovePort(port);
        Assert.Null(bench.FindFault());
    }

    [Fact]
    public void EOPNOTSUPP_is_for_calls_that_might_block_which_FastPath_never_makes()
    {
        using XdpSwitch bench = new();
        Assert.Equal(95, RawDevice.SendWithoutFlags(bench.Ports[0].Socket.Descriptor));
    }

    [Fact]
    public void A_descriptor_that_the_kernel_refuses_is_counted_by_it_and_its_chunk_comes_home()
    {
        using XdpSwitch bench = new();
        XdpPort port = bench.Ports[0];
        int free = bench.Memory.Umem.FreeCount;
        Assert.True(bench.Memory.Umem.TryTake(out FrameAddress chunk));
        bench.Memory.Umem.Entry(chunk).Owner = FrameOwner.Transmit;
        port.Socket.Tx.Add(chunk.Offset | ((ulong)Limits.Headroom << 48), 60, options: 1 << 7); // an option no kernel knows
        port.Flush(bench.Worker);
        Assert.True(port.Socket.TryStatistics(out XdpStatistics statistics));
        Assert.Equal(1UL, statistics.TxInvalidDescriptors);
        bench.Poll();
        Assert.Equal(free, bench.Memory.Umem.FreeCount);
    }

    private static void AssertAllHome(XdpSwitch bench, XdpPort port)
    {
        bench.Poll();
        Assert.Equal(0, port.InFlight);
        Assert.Null(bench.FindFault());
    }

    /// <summary>The next frame from the switch; the container's own chatter (neighbor discovery) is passed over.</summary>
    private static byte[] ReceiveOwn(RawDevice container)
    {
        byte[] frame;
        do
            frame = container.Receive(waitMs: 2000);
        while (frame.Length != 0 && frame.Length != s_frame.Length);
        return frame;
    }
}
