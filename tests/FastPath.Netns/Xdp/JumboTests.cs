using FastPath.Dataplane.Ports;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Netns.Xdp;

/// <summary>Packets that span chunks, through two AF_XDP ports, with checksums made by the container or left to the device.</summary>
public sealed class JumboTests
{
    [Theory]
    [InlineData(9000, false, KernelFeature.None)]
    [InlineData(9000, true, KernelFeature.None)]
    [InlineData(9000, true, KernelFeature.TxMetadata)] // completed in software, over all chunks
    [InlineData(60_000, false, KernelFeature.None)]
    [InlineData(60_000, true, KernelFeature.None)]
    [InlineData(60_000, true, KernelFeature.TxMetadata)]
    public void Ping_and_TCP_pass_in_frames_of_the_full_size(int mtu, bool offload, KernelFeature refused)
    {
        using XdpSwitch bench = new(new SwitchOptions { Mtu = mtu, ChecksumOffload = offload, Refused = refused });
        bench.Start();
        Traffic.Ping(bench, 1, 2, payload: mtu - 28);
        Traffic.Tcp(bench, from: 1, to: 2, megabytes: 20);
        Traffic.Tcp(bench, from: 2, to: 1, megabytes: 20);
        bench.Stop();
        XdpPort port = bench.Ports[0];
        ulong mean = port.Counters[PortCounter.RxBytes] / port.Counters[PortCounter.RxPackets];
        Assert.True(mean > 2000, $"a received packet had {mean} bytes on average: no big ones"); // half are bare ACKs
        Assert.Equal(0UL, port.Counters[PortCounter.RxOversized]);
        Assert.Null(bench.FindFault());
    }
}
