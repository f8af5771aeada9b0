using System.Collections.Generic;
using FastPath.Netns.Support;
using FastPath.Xdp;
using FastPath.Xdp.Netlink;
using Xunit;

namespace FastPath.Netns.Xdp;

public sealed class AnchorTests
{
    [Fact]
    public void Makes_its_device_once_and_leaves_it_down()
    {
        using Topology topology = new();
        Space space = topology.Add("s");
        using Rtnetlink netlink = Rtnetlink.Open(space.Handle);
        using (Anchor first = space.Handle.Run(() => Anchor.Open("anchor7")))
            first.Add(new UmemOptions(1024));
        KernelLink made = netlink.Links.Require("anchor7");
        Assert.False(made.IsAdminUp);
        Assert.Equal(Anchor.QueuesMax, made.RxQueues);

        using Anchor second = space.Handle.Run(() => Anchor.Open("anchor7"));
        second.Add(new UmemOptions(1024));
        Assert.Equal(made.Index, netlink.Links.Require("anchor7").Index);
    }

    [Fact]
    public void Each_UMEM_has_a_queue_and_what_was_granted_is_said()
    {
        using Topology topology = new();
        using Anchor anchor = topology.Add("s").Handle.Run(() => Anchor.Open());
        HashSet<int> queues = [];
        for (int n = 0; n < 4; n++)
        {
            AnchoredUmem memory = anchor.Add(new UmemOptions(1024));
            Assert.True(queues.Add(memory.First.Queue));
            Assert.Equal(1024, memory.Umem.FreeCount);
            Assert.True(memory.Granted.HasFlag(KernelFeature.MultiBuffer | KernelFeature.UnalignedChunks));
        }

        Assert.Equal(4, anchor.Umems.Count);
    }

    [Fact]
    public void A_UMEM_more_than_there_are_queues_is_refused_and_a_removed_one_makes_room()
    {
        using Topology topology = new();
        using Anchor anchor = topology.Add("s").Handle.Run(() => Anchor.Open());
        for (int n = 0; n < Anchor.QueuesMax; n++)
            anchor.Add(new UmemOptions(64));
        Assert.Equal(16, Assert.Throws<XdpException>(() => anchor.Add(new UmemOptions(64))).Errno); // EBUSY
        anchor.Remove(anchor.Umems[5]);
        anchor.Add(new UmemOptions(64));
    }

    [Fact]
    public void Ports_of_other_namespaces_share_its_memory_and_outlive_each_other()
    {
        using Topology topology = new();
        Space home = topology.Add("home");
        Space left = topology.Add("left");
        Space right = topology.Add("right");
        Topology.Connect(left, "veth0", right, "veth0");
        using Anchor anchor = home.Handle.Run(() => Anchor.Open());
        AnchoredUmem memory = anchor.Add(new UmemOptions(1024));
        XdpSocket Open(Space space) => space.Handle.Run(() =>
            XdpSocket.OpenShared(memory.First, space.IndexOf("veth0"), 0, new XdpSocketOptions { Port = 1 }));

        using (XdpSocket first = Open(left))
        {
            using XdpSocket second = Open(right);
            Assert.Equal(memory.Granted & KernelFeature.TxMetadata, second.Granted & KernelFeature.TxMetadata);
        }

        Open(left).Dispose();
    }
}
