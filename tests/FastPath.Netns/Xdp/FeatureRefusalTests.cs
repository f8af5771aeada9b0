using System;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Netns.Xdp;

/// <summary>Every optional kernel feature is refused once: packets still pass, and what is missing is not said to be there.</summary>
public sealed class FeatureRefusalTests
{
    public static TheoryData<KernelFeature> Features()
    {
        TheoryData<KernelFeature> features = [];
        foreach (KernelFeature feature in Enum.GetValues<KernelFeature>())
            if (feature != KernelFeature.None)
                features.Add(feature);
        return features;
    }

    [Theory]
    [MemberData(nameof(Features))]
    public void Without_it_ping_and_TCP_pass_and_it_is_not_granted(KernelFeature refused)
    {
        using XdpSwitch bench = new(new SwitchOptions { Refused = refused });
        bench.Start();
        bench.Containers[0].Run("ping", "-c", "3", "-i", "0.05", "-W", "2", XdpSwitch.AddressOf(2)).OrFail();
        // Generic XDP is the one mode in which TCP over veth is known not to be reliable (KernelFeature.NativeXdp).
        if (refused != KernelFeature.NativeXdp)
            Traffic.Tcp(bench, from: 1, to: 2, megabytes: 2);
        bench.Stop();
        Assert.Equal(KernelFeature.None, bench.Granted & refused);
        Assert.Null(bench.FindFault());
    }

    [Fact]
    public void Without_any_of_them_ping_passes()
    {
        using XdpSwitch bench = new(new SwitchOptions { Refused = (KernelFeature)(-1) });
        bench.Start();
        bench.Containers[0].Run("ping", "-c", "3", "-i", "0.05", "-W", "2", XdpSwitch.AddressOf(2)).OrFail();
        bench.Stop();
        Assert.Equal(KernelFeature.None, bench.Granted);
        Assert.Equal(4096, bench.Memory.Umem.ChunkBytes);
        Assert.Null(bench.FindFault());
    }

    [Fact]
    public void Without_TX_metadata_checksums_that_containers_leave_to_the_device_are_completed_here()
    {
        using XdpSwitch bench = new(new SwitchOptions { Refused = KernelFeature.TxMetadata, ChecksumOffload = true });
        bench.Start();
        Traffic.Tcp(bench, from: 1, to: 2, megabytes: 2);
        bench.Stop();
        Assert.Null(bench.FindFault());
    }
}
