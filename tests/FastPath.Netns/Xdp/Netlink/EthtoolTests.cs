using System;
using System.Collections.Generic;
using System.Linq;
using FastPath.Netns.Support;
using FastPath.Xdp.Netlink;
using Xunit;

namespace FastPath.Netns.Xdp.Netlink;

public sealed class EthtoolTests
{
    [Fact]
    public void Features_are_those_that_ethtool_shows()
    {
        using Topology topology = new();
        Space space = WithVeth(topology);
        using Ethtool ethtool = Ethtool.Open(space.Handle);
        Dictionary<string, string> shown = Shown(space);
        IReadOnlyList<DeviceFeature> features = ethtool.Features("eth0");
        Assert.True(features.Count > 30, "the kernel names more than 30 features");
        foreach (DeviceFeature feature in features)
            if (shown.TryGetValue(feature.Name, out string? state)) // ethtool has old names for some
                Assert.Equal(state, (feature.IsActive ? "on" : "off") + (feature.IsFixed ? " [fixed]" : ""));
        Assert.True(features.Count(feature => shown.ContainsKey(feature.Name)) > 25);
    }

    [Fact]
    public void What_a_container_end_needs_is_turned_off_and_on_again()
    {
        const Offloads Groups = Offloads.TxChecksum | Offloads.TxVlan | Offloads.RxVlan | Offloads.Tso | Offloads.Gso;
        string[] names =
        [
            "tx-checksum-ip-generic", "tx-checksum-sctp",
            "tx-vlan-offload", "tx-vlan-stag-hw-insert", "rx-vlan-offload", "rx-vlan-stag-hw-parse",
            "tx-tcp-segmentation", "tx-tcp6-segmentation", "generic-segmentation-offload",
        ];
        using Topology topology = new();
        Space space = WithVeth(topology);
        using Ethtool ethtool = Ethtool.Open(space.Handle);
        Assert.All(names, name => Assert.StartsWith("on", Shown(space)[name], StringComparison.Ordinal));

        Assert.Empty(ethtool.Set("eth0", Groups, on: false));
        Dictionary<string, string> off = Shown(space);
        Assert.All(names, name => Assert.StartsWith("off", off[name], StringComparison.Ordinal));
        Assert.StartsWith("on", off["tx-scatter-gather"], StringComparison.Ordinal); // and nothing else

        Assert.Empty(ethtool.Set("eth0", Groups, on: true));
        Assert.All(names, name => Assert.StartsWith("on", Shown(space)[name], StringComparison.Ordinal));
    }

    [Fact]
    public void Gro_can_be_turned_on()
    {
        using Topology topology = new();
        Space space = WithVeth(topology);
        using Ethtool ethtool = Ethtool.Open(space.Handle);
        Assert.Empty(ethtool.Set("eth0", Offloads.Gro, on: false));
        Assert.Equal("off", Shown(space)["generic-receive-offload"]);
        Assert.Empty(ethtool.Set("eth0", Offloads.Gro, on: true));
        Assert.Equal("on", Shown(space)["generic-receive-offload"]);
    }

    [Fact]
    public void A_feature_that_stays_as_it_was_is_reported()
    {
        using Topology topology = new();
        Space space = topology.Add("a");
        using Ethtool ethtool = Ethtool.Open(space.Handle);
        Assert.Contains("tx-checksum-ip-generic", ethtool.Set("lo", Offloads.TxChecksum, on: false)); // fixed on lo
    }

    [Fact]
    public void Queue_counts_are_those_the_pair_was_made_with()
    {
        using Topology topology = new();
        Space space = topology.Add("a");
        using Rtnetlink netlink = Rtnetlink.Open(space.Handle);
        netlink.Links.CreateVeth(new VethPair(
            new VethEnd { Name = "port-a", RxQueues = 2, TxQueues = 3 },
            new VethEnd { Name = "eth0", RxQueues = 3, TxQueues = 2 }));
        using Ethtool ethtool = Ethtool.Open(space.Handle);
        Assert.Equal(new DeviceChannels(2, 3, 0, 2, 3, 0), ethtool.Channels("port-a"));
        Assert.Null(ethtool.Channels("lo"));
    }

    [Theory]
    [InlineData("no-such")]
    [InlineData("a-name-longer-than-any-device-has")]
    public void A_device_that_is_not_there_is_named(string device)
    {
        using Topology topology = new();
        Space space = topology.Add("a");
        using Ethtool ethtool = Ethtool.Open(space.Handle);
        NetlinkException missing = Assert.Throws<NetlinkException>(() => ethtool.Features(device));
        Assert.Contains(device, missing.Message, StringComparison.Ordinal);
        Assert.True(missing.IsNotFound);
    }

    private static Space WithVeth(Topology topology)
    {
        Space space = topology.Add("a");
        space.Ip("link", "add", "port-a", "type", "veth", "peer", "name", "eth0");
        return space;
    }

    /// <summary>ethtool -k: name to "on", "off", "on [fixed]", ...; without what was asked for and is not so.</summary>
    private static Dictionary<string, string> Shown(Space space) =>
        space.Run("ethtool", "-k", "eth0").OrFail().Output.Split('\n')
            .Select(line => line.Trim().Split(": "))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1].Replace(" [requested on]", "", StringComparison.Ordinal));
}
