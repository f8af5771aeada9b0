using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using FastPath.Dataplane.Ports;
using FastPath.Netns.Support;
using FastPath.Xdp;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Netns.Xdp;

public sealed class XdpSocketTests
{
    private const int EBUSY = 16;
    private static readonly byte[] s_frame = Eth("ff:ff:ff:ff:ff:ff") / Ip4("10.0.0.9", "10.0.0.1") / Udp(1, 2, payload: 100);

    [Fact]
    public void Veth_has_no_zero_copy_so_Auto_falls_back_to_copy_and_says_so()
    {
        using Topology topology = new();
        Space space = topology.Add("s");
        space.Ip("link", "add", "v0", "type", "veth", "peer", "name", "v1");
        using Umem umem = Umem.Create(new UmemOptions(64));
        using XdpSocket socket = space.Handle.Run(() =>
            XdpSocket.OpenFirst(umem, space.IndexOf("v0"), 0, new XdpSocketOptions { Mode = XdpMode.Auto }));
        Assert.False(socket.IsZeroCopy);
        Assert.False(socket.Granted.HasFlag(KernelFeature.ZeroCopy));
        Assert.True(socket.Granted.HasFlag(KernelFeature.MultiBuffer | KernelFeature.NeedWakeup));
    }

    [Fact]
    public void Another_worker_sends_from_its_own_memory_on_a_queue_without_receive()
    {
        using Topology topology = new();
        Space space = topology.Add("s");
        Space peer = topology.Add("p");
        space.Ip("link", "add", "v0", "numrxqueues", "1", "numtxqueues", "3", "type", "veth",
            "peer", "name", "v1", "numrxqueues", "3", "numtxqueues", "1", "netns", peer.Name);
        space.Ip("link", "set", "v0", "up");
        peer.Ip("link", "set", "v1", "up");
        using Anchor anchor = space.Handle.Run(() => Anchor.Open());
        using RawDevice received = new(peer, "v1");
        for (int queue = 0; queue < 3; queue++)
        {
            AnchoredUmem memory = anchor.Add(new UmemOptions(256)); // one for each worker
            XdpSocketOptions options = queue == 0 ? new XdpSocketOptions() : XdpSocketOptions.TransmitOnly;
            using XdpSocket socket = space.Handle.Run(() => XdpSocket.OpenShared(memory.First, space.IndexOf("v0"), queue, options));
            Assert.Equal(queue == 0, socket.Rx != null);
            Assert.True(memory.Umem.TryTake(out FrameAddress chunk));
            s_frame.CopyTo(memory.Umem.Bytes(chunk, 256, s_frame.Length));
            socket.Tx.Add(new DescriptorAddress(memory.Umem, socket.Granted).Of(chunk, 256), (uint)s_frame.Length, 0);
            socket.Tx.Publish();
            Assert.Equal(KickResult.Done, socket.Kick());
            byte[] frame;
            do
                frame = received.Receive(waitMs: 2000);
            while (frame.Length != 0 && frame.Length != s_frame.Length);
            Assert.Equal(s_frame, frame);
        }
    }

    [Fact]
    public void A_queue_the_device_does_not_have_is_refused()
    {
        using XdpSwitch bench = new();
        Assert.Equal(22, Assert.Throws<XdpException>(() => Open(bench, 1, queue: 1)).Errno); // EINVAL
    }

    [Fact]
    public void A_queue_that_somebody_has_is_refused_after_a_bounded_wait()
    {
        using XdpSwitch bench = new();
        using Anchor other = bench.Switch.Handle.Run(() => Anchor.Open());
        AnchoredUmem memory = other.Add(new UmemOptions(64));
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal(EBUSY, Assert.Throws<XdpException>(() => bench.Switch.Handle.Run(() =>
            XdpSocket.OpenShared(memory.First, bench.Switch.IndexOf("port1"), 0, new XdpSocketOptions()))).Errno);
        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(600), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Two_hundred_sockets_opened_and_closed_one_after_the_other_leave_nothing_behind()
    {
        using XdpSwitch bench = new();
        bench.RemovePort(bench.Ports[0]);
        Open(bench, 1, queue: 0).Dispose();
        (int files, int mappings) = (CountFiles(), CountMappings());
        for (int n = 0; n < 200; n++)
            Open(bench, 1, queue: 0).Dispose(); // the kernel frees the queue later: the next bind waits for it
        Assert.Equal(files, CountFiles());
        Assert.InRange(CountMappings() - mappings, -50, 50); // the runtime's own come and go; 200 sockets would leave 800
        Assert.Null(bench.FindFault());
    }

    [Fact]
    public void A_socket_that_cannot_be_opened_leaves_nothing_behind()
    {
        using XdpSwitch bench = new();
        int files = CountFiles();
        for (int n = 0; n < 20; n++)
            Assert.Throws<XdpException>(() => Open(bench, 1, queue: 1));
        Assert.Equal(files, CountFiles());
    }

    [Fact]
    public void More_sockets_than_a_UMEM_has_records_for_are_refused()
    {
        using Topology topology = new();
        Space space = topology.Add("s");
        space.Ip("link", "add", "v0", "numrxqueues", "150", "numtxqueues", "150", "type", "veth", "peer", "name", "v1");
        using Anchor anchor = space.Handle.Run(() => Anchor.Open());
        AnchoredUmem memory = anchor.Add(new UmemOptions(64));
        int index = space.IndexOf("v0");
        XdpSocketOptions small = new() { RxEntries = 0, TxEntries = 64, FillEntries = 64, CompletionEntries = 64 };
        XdpSocket[] sockets = space.Handle.Run(() =>
            Enumerable.Range(0, 125).Select(queue => XdpSocket.OpenShared(memory.First, index, queue, small)).ToArray());
        Assert.Throws<XdpException>(() => space.Handle.Run(() => XdpSocket.OpenShared(memory.First, index, 125, small)));
        foreach (XdpSocket socket in sockets)
            socket.Dispose();
    }

    [Fact]
    public void The_kernels_losses_are_counted_and_its_chunks_are_not_lost()
    {
        using XdpSwitch bench = new(new SwitchOptions
        {
            Socket = new XdpSocketOptions { RxEntries = 64, FillEntries = 128 },
        });
        using RawDevice container = new(bench.Containers[0], "eth0");
        for (int n = 0; n < 300; n++)
            container.TrySend(s_frame);

        XdpPort port = bench.Ports[0];
        Assert.True(port.Socket.TryStatistics(out XdpStatistics statistics));
        Assert.InRange(statistics.RxRingFull, 230UL, 240UL); // 64 fit; the container's own chatter takes some
        Assert.Equal(128, port.Socket.Posted);
        Assert.Null(bench.FindFault());
        bench.Poll(5);
        Assert.Equal(64UL, port.Counters[PortCounter.RxPackets]);
        Assert.Null(bench.FindFault());
        bench.RemovePort(port);
        Assert.Null(bench.FindFault()); // also what the kernel kept in its own list
    }

    [Fact]
    public void An_empty_fill_ring_loses_packets_and_says_so()
    {
        using XdpSwitch bench = new(new SwitchOptions { Umem = new UmemOptions(64) }); // two ports want 512 each
        XdpPort port = bench.Ports[1]; // the first took all
        using RawDevice container = new(bench.Containers[1], "eth0");
        for (int n = 0; n < 10; n++)
            container.TrySend(s_frame);
        Assert.True(port.Socket.TryStatistics(out XdpStatistics statistics));
        Assert.InRange(statistics.RxFillRingEmpty, 10UL, 20UL);
        Assert.InRange(statistics.RxDropped, 10UL, 20UL);
        Assert.NotEqual(0UL, port.Counters[PortCounter.RxNoFrame]);
    }

    private static XdpSocket Open(XdpSwitch bench, int container, int queue) => bench.Switch.Handle.Run(() => XdpSocket.OpenShared(
        bench.Memory.First, bench.Switch.IndexOf(XdpSwitch.DeviceOf(container)), queue, new XdpSocketOptions()));

    /// <summary>
    /// Open files but pipes: those are of programs that earlier tests ran, and close when the runtime sees their end.
    /// </summary>
    private static int CountFiles() => Directory.GetFiles("/proc/self/fd")
        .Count(file => new FileInfo(file).LinkTarget?.StartsWith("pipe:", StringComparison.Ordinal) != true);

    private static int CountMappings() => File.ReadAllLines("/proc/self/maps").Length;
}
