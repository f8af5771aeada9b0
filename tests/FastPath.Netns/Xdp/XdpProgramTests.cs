using System;
using System.IO;
using FastPath.Netns.Support;
using FastPath.Xdp;
using FastPath.Xdp.Interop;
using FastPath.Xdp.Netlink;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Netns.Xdp;

/// <summary>Attaching, pinning, replacing and removing of XDP programs.</summary>
public sealed class XdpProgramTests : IDisposable
{
    private const int Drop = 1;
    private const int Redirect = 4;

    private readonly Topology _topology = new();
    private readonly Space _space;
    private readonly Space _peer;
    private readonly Anchor _anchor;
    private readonly string _directory = $"/run/fastpath-test-{Environment.ProcessId}";
    private readonly string _pins;

    public XdpProgramTests()
    {
        _space = _topology.Add("s");
        _peer = _topology.Add("p");
        Topology.Connect(_space, "port.1", _peer, "eth0");
        _anchor = _space.Handle.Run(() => Anchor.Open());
        _anchor.Add(new UmemOptions(64));
        Assert.Equal(_directory, BpfDirectory.Prepare(_directory));
        _pins = BpfDirectory.ForPort(_directory, "port.1");
    }

    public void Dispose()
    {
        XdpProgram.RemovePins(_pins);
        _anchor.Dispose();
        _topology.Dispose();
        Mounts.Unmount(_directory);
        Directory.Delete(_directory);
    }

    [Fact]
    public void A_directory_that_is_no_BPF_file_system_becomes_one_and_stays_the_same()
    {
        Assert.True(Mounts.IsBpf(_directory));
        Assert.Equal(_directory, BpfDirectory.Prepare(_directory)); // not mounted twice
        Mounts.Unmount(_directory);
        Assert.False(Mounts.IsBpf(_directory));
    }

    [Fact]
    public void Pinned_the_program_outlives_its_descriptors_and_Remove_takes_it_off()
    {
        using (XdpProgram program = Attach(_pins))
            Assert.True(program.IsPinned && program.IsNative && program.Granted.HasFlag(KernelFeature.BpfLink));
        Assert.True(_space.HasProgram("port.1"));
        XdpProgram adopted = Adopt()!;
        Assert.True(adopted.IsPinned && adopted.IsNative);
        adopted.Remove();
        Assert.False(_space.HasProgram("port.1"));
        Assert.False(Directory.Exists(_pins));
    }

    [Fact]
    public void Unpinned_the_program_goes_with_its_descriptors()
    {
        // This is what a dedicated port must not be: the container's frames would reach the host's stack from here on.
        Attach(pins: null).Dispose();
        Assert.False(_space.HasProgram("port.1"));
    }

    [Fact]
    public void A_new_program_under_a_pinned_link_keeps_the_sockets_of_the_old()
    {
        using XdpProgram old = Attach(_pins);
        old.SetSocket(0, _anchor.Umems[0].First);
        using XdpProgram young = Attach(_pins);
        Assert.Equal(Redirect, young.Verdict(Eth()));
        young.ClearSocket(0);
        Assert.Equal((Drop, Drop), (young.Verdict(Eth()), old.Verdict(Eth())));
        Assert.True(_space.HasProgram("port.1"));
    }

    [Fact]
    public void Pins_of_a_device_that_is_gone_are_replaced()
    {
        Attach(_pins).Dispose();
        _space.Ip("link", "del", "port.1");
        Topology.Connect(_space, "port.1", _peer, "eth0");
        Assert.Null(Adopt());
        Attach(_pins).Dispose();
        Assert.True(_space.HasProgram("port.1"));
        using XdpProgram? adopted = Adopt();
        Assert.NotNull(adopted);
    }

    [Fact]
    public void Another_program_on_the_device_is_left_alone()
    {
        using XdpProgram first = Attach(pins: null);
        XdpException busy = Assert.Throws<XdpException>(() => Attach(_pins));
        Assert.Equal(16, busy.Errno); // EBUSY
        Assert.Contains("port.1: another XDP program is on it, see \"ip link show port.1\"", busy.Message, StringComparison.Ordinal);
        Assert.True(_space.HasProgram("port.1"));
    }

    [Fact]
    public void Fewer_receive_queues_than_the_peer_transmits_on_are_refused_with_the_kernels_reason()
    {
        using (Rtnetlink netlink = Rtnetlink.Open(_space.Handle))
            netlink.Links.CreateVeth(new VethPair(new VethEnd { Name = "narrow" }, new VethEnd { Name = "wide", TxQueues = 2 }));
        Assert.Equal(28, Assert.Throws<XdpException>(() => Attach(null, "narrow")).Errno); // ENOSPC
    }

    [Theory]
    [InlineData(KernelFeature.NativeXdp)]
    [InlineData(KernelFeature.BpfLink)]
    [InlineData(KernelFeature.XdpFrags)]
    [InlineData(KernelFeature.Pinning)]
    public void What_is_refused_is_done_without_and_not_granted(KernelFeature refused)
    {
        using (XdpProgram program = Attach(_pins, refused: refused))
        {
            Assert.False(program.Granted.HasFlag(refused));
            Assert.True(_space.HasProgram("port.1"));
            program.SetSocket(0, _anchor.Umems[0].First);
            Assert.Equal(Redirect, program.Verdict(Eth()));
            program.Remove();
        }

        Assert.False(_space.HasProgram("port.1"));
    }

    [Fact]
    public void Attached_by_netlink_and_pinned_the_program_stays_when_the_process_closes()
    {
        Attach(_pins, refused: KernelFeature.BpfLink).Dispose();
        Assert.True(_space.HasProgram("port.1"));
        Attach(_pins, refused: KernelFeature.BpfLink).Remove();
        Assert.False(_space.HasProgram("port.1"));
    }

    private XdpProgram? Adopt() => _space.Handle.Run(() => XdpProgram.Adopt(_pins, _space.IndexOf("port.1")));

    private XdpProgram Attach(string? pins, string device = "port.1", KernelFeature refused = KernelFeature.None) =>
        _space.Handle.Run(() => XdpProgram.Attach(Native.Port, "fp_port", _space.IndexOf(device), pins, refused));
}
