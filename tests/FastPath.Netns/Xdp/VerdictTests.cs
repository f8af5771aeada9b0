using System;
using System.Collections.Generic;
using System.Net;
using FastPath.Netns.Support;
using FastPath.Xdp;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Netns.Xdp;

/// <summary>What the XDP programs say to hand-made packets, by BPF_PROG_TEST_RUN on queue 0.</summary>
public sealed class VerdictTests : IDisposable
{
    private const int Drop = 1;
    private const int Pass = 2;
    private const int Redirect = 4;

    private const string Vtep = "192.0.2.1";
    private const string Remote = "192.0.2.9";
    private const string OwnedMac = "02:aa:00:00:00:01";
    private const string HostMac = "02:bb:00:00:00:01";

    private static readonly ClaimSet s_claims = new()
    {
        Vteps = new HashSet<IPEndPoint> { IPEndPoint.Parse(Vtep + ":4789") },
        Macs = new HashSet<ulong> { 0x02AA_0000_0001 },
        Prefixes = new HashSet<IPNetwork> { IPNetwork.Parse("198.51.100.0/24"), IPNetwork.Parse("2001:db8:5::/48") },
    };

    private readonly Topology _topology = new();
    private readonly Space _space;
    private readonly Anchor _anchor;

    public VerdictTests()
    {
        _space = _topology.Add("s");
        _space.Ip("link", "add", "up0", "type", "veth", "peer", "name", "up1");
        _anchor = _space.Handle.Run(() => Anchor.Open());
        _anchor.Add(new UmemOptions(64));
    }

    public void Dispose()
    {
        _anchor.Dispose();
        _topology.Dispose();
    }

    [Fact]
    public void A_dedicated_port_gives_everything_to_its_socket_and_drops_everything_without_one()
    {
        using XdpProgram program = Attach(Native.Port, "fp_port");
        byte[][] packets = [Eth() / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2), Eth(type: 0x8100), Eth(type: 0x88B5) / Raw(1)];
        foreach (byte[] packet in packets)
            Assert.Equal(Drop, program.Verdict(packet));
        program.SetSocket(0, _anchor.Umems[0].First);
        foreach (byte[] packet in packets)
            Assert.Equal(Redirect, program.Verdict(packet));
        program.ClearSocket(0);
        foreach (byte[] packet in packets)
            Assert.Equal(Drop, program.Verdict(packet));
    }

    public static TheoryData<string, int> UplinkVerdicts()
    {
        TheoryData<string, int> rows = [];
        foreach ((string name, (int verdict, _)) in s_packets)
            rows.Add(name, verdict);
        return rows;
    }

    [Theory]
    [MemberData(nameof(UplinkVerdicts))]
    public void A_shared_uplink_takes_what_is_claimed_and_leaves_the_rest(string name, int verdict)
    {
        using XdpProgram program = Attach(Native.Uplink, "fp_uplink");
        new UplinkClaims(program).Set(s_claims);
        byte[] packet = s_packets[name].Packet();
        Assert.Equal(Pass, program.Verdict(packet)); // without a socket everything is the host's
        program.SetSocket(0, _anchor.Umems[0].First);
        Assert.Equal(verdict, program.Verdict(packet));
    }

    [Theory]
    [InlineData("VXLAN to the VTEP", 14 + 20 + 8)]
    [InlineData("VXLAN with IP options", 14 + 24 + 8)]
    [InlineData("an owned IPv4 prefix", 14 + 20)]
    [InlineData("an owned IPv6 prefix", 14 + 40)]
    [InlineData("an ICMP error about our VXLAN", 14 + 20 + 8 + 20 + 8)]
    public void A_packet_cut_off_anywhere_before_its_deciding_header_ends_is_the_hosts(string name, int decides)
    {
        using XdpProgram program = Attach(Native.Uplink, "fp_uplink");
        new UplinkClaims(program).Set(s_claims);
        program.SetSocket(0, _anchor.Umems[0].First);
        byte[] packet = s_packets[name].Packet();
        for (int length = 14; length <= packet.Length; length++)
            Assert.Equal(length < decides ? Pass : Redirect, program.Verdict(packet.AsSpan(0, length)));
    }

    [Fact]
    public void Claims_change_as_a_diff_and_a_claim_of_both_generations_is_never_let_go()
    {
        using XdpProgram program = Attach(Native.Uplink, "fp_uplink");
        program.SetSocket(0, _anchor.Umems[0].First);
        UplinkClaims claims = new(program);
        byte[] old = Eth(HostMac) / Ip4(Remote, "198.51.100.7") / Udp(1, 2);
        byte[] both = Eth(HostMac) / Ip4(Remote, Vtep) / Udp(1, 4789);
        byte[] young = Eth(HostMac) / Ip4(Remote, "203.0.113.1") / Udp(1, 2);
        claims.Set(s_claims);
        Assert.Equal((Redirect, Redirect, Pass), (program.Verdict(old), program.Verdict(both), program.Verdict(young)));
        claims.Set(s_claims with { Prefixes = new HashSet<IPNetwork> { IPNetwork.Parse("203.0.113.0/30") } });
        Assert.Equal((Pass, Redirect, Redirect), (program.Verdict(old), program.Verdict(both), program.Verdict(young)));
        claims.Set(new ClaimSet());
        Assert.Equal((Pass, Pass, Pass), (program.Verdict(old), program.Verdict(both), program.Verdict(young)));
    }

    [Fact]
    public void Claims_that_do_not_fit_change_nothing()
    {
        using XdpProgram program = Attach(Native.Uplink, "fp_uplink");
        program.SetSocket(0, _anchor.Umems[0].First);
        UplinkClaims claims = new(program);
        claims.Set(s_claims);
        HashSet<ulong> tooMany = [];
        for (ulong n = 0; n < 5000; n++)
            tooMany.Add(0x0600_0000_0000 + n);
        XdpException refused = Assert.Throws<XdpException>(() => claims.Set(s_claims with { Macs = tooMany }));
        Assert.Equal(7, refused.Errno); // E2BIG
        Assert.Equal(s_claims, claims.Current);
        Assert.Equal(Redirect, program.Verdict(Eth(OwnedMac)));
        Assert.Equal(Pass, program.Verdict(Eth("06:00:00:00:00:00")));
    }

    private XdpProgram Attach(string path, string name) => _space.Handle.Run(() =>
        XdpProgram.Attach(path, name, _space.IndexOf("up0"), null, KernelFeature.None));

    private static readonly Dictionary<string, (int Verdict, Func<byte[]> Packet)> s_packets = new()
    {
        ["VXLAN to the VTEP"] = (Redirect, () => Eth(HostMac) / Ip4(Remote, Vtep) / Udp(50_000, 4789) / Vxlan(7)),
        ["VXLAN with IP options"] = (Redirect,
            () => Eth(HostMac) / Ip4(Remote, Vtep, options: [1, 1, 1, 0]) / Udp(50_000, 4789) / Vxlan(7)),
        ["first fragment of VXLAN"] = (Redirect,
            () => Eth(HostMac) / Ip4(Remote, Vtep, df: false, more: true) / Udp(50_000, 4789) / Vxlan(7)),
        ["later fragment to the VTEP's address"] = (Pass,
            () => Eth(HostMac) / Ip4(Remote, Vtep, df: false, offset: 1480, protocol: 17) / Raw(0, 1, 0x12, 0xB5, 5, 6, 7, 8)),
        ["another UDP port of the VTEP's address"] = (Pass, () => Eth(HostMac) / Ip4(Remote, Vtep) / Udp(4789, 53)),
        ["the VTEP's port of another address"] = (Pass, () => Eth(HostMac) / Ip4(Remote, "192.0.2.2") / Udp(50_000, 4789)),
        ["TCP to the VTEP's port"] = (Pass, () => Eth(HostMac) / Ip4(Remote, Vtep) / Tcp(50_000, 4789)),
        ["tagged VXLAN"] = (Pass, () => Eth(HostMac) / Vlan(5) / Ip4(Remote, Vtep) / Udp(50_000, 4789) / Vxlan(7)),
        ["a header length below five words"] = (Pass, ShortHeaderLength),
        ["ping to the VTEP"] = (Pass, () => Eth(HostMac) / Ip4(Remote, Vtep) / Icmp4(8)),
        ["an ICMP error about our VXLAN"] = (Redirect,
            () => Eth(HostMac) / Ip4("192.0.2.254", Vtep) / Icmp4(3, 4) / Ip4(Vtep, Remote) / Udp(50_000, 4789, payload: 0)),
        ["an ICMP error about the host's DNS"] = (Pass,
            () => Eth(HostMac) / Ip4("192.0.2.254", Vtep) / Icmp4(3, 4) / Ip4(Vtep, Remote) / Udp(50_000, 53, payload: 0)),
        ["an ICMP error about VXLAN of another address"] = (Pass,
            () => Eth(HostMac) / Ip4("192.0.2.254", Vtep) / Icmp4(3, 4) / Ip4("192.0.2.2", Remote) / Udp(50_000, 4789, payload: 0)),
        ["ARP for the VTEP"] = (Pass,
            () => Eth("ff:ff:ff:ff:ff:ff") / Arp(1, "02:cc:00:00:00:01", Remote, "00:00:00:00:00:00", Vtep)),
        ["an owned MAC address"] = (Redirect, () => Eth(OwnedMac) / Ip4("10.1.1.1", "10.2.2.2") / Udp(1, 2)),
        ["an owned MAC address, tagged"] = (Redirect, () => Eth(OwnedMac) / Vlan(5) / Ip4("10.1.1.1", "10.2.2.2") / Udp(1, 2)),
        ["an owned IPv4 prefix"] = (Redirect, () => Eth(HostMac) / Ip4(Remote, "198.51.100.200") / Tcp(1, 2)),
        ["a later fragment to an owned prefix"] = (Redirect,
            () => Eth(HostMac) / Ip4(Remote, "198.51.100.200", df: false, offset: 64, protocol: 17) / Raw(1, 2, 3, 4)),
        ["beside an owned IPv4 prefix"] = (Pass, () => Eth(HostMac) / Ip4(Remote, "198.51.101.1") / Tcp(1, 2)),
        ["an owned IPv6 prefix"] = (Redirect, () => Eth(HostMac) / Ip6("2001:db8::1", "2001:db8:5::9") / Udp(1, 2)),
        ["beside an owned IPv6 prefix"] = (Pass, () => Eth(HostMac) / Ip6("2001:db8::1", "2001:db8:6::9") / Udp(1, 2)),
        ["another protocol"] = (Pass, () => Eth(HostMac, type: 0x88CC) / Raw(1, 2, 3)),
    };

    private static byte[] ShortHeaderLength()
    {
        byte[] packet = Eth(HostMac) / Ip4(Remote, Vtep) / Udp(50_000, 4789);
        packet[14] = 0x44;
        return packet;
    }
}
