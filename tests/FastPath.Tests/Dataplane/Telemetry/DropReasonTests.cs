using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using FastPath.Dataplane;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Tests.Packets;
using FastPath.Xdp;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Telemetry;

/// <summary>
/// Every drop reason has a sentence and a packet that is dropped under it: a member that nothing here produces fails.
/// The tests of the nodes say when each reason must be used; these say that none is dead.
/// </summary>
public sealed class DropReasonTests
{
    private static readonly byte[] s_inner = Eth(MacB, MacA) / Raw(new byte[46]);

    /// <summary>For each reason, packets and the port they come in by, in a <see cref="Yard"/>.</summary>
    private static readonly Dictionary<DropReason, Action<Yard>> s_causes = new()
    {
        [DropReason.NoFrame] = yard =>
        {
            List<FrameAddress> taken = [];
            yard.A.Inject(Eth("ff:ff:ff:ff:ff:ff", MacA) / Raw(new byte[46]));
            while (yard.Bench.Umem.FreeCount > 1 && yard.Bench.Umem.TryTake(out FrameAddress frame))
                taken.Add(frame);
            yard.Bench.Run();
            foreach (FrameAddress frame in taken)
                yard.Bench.Umem.Release(frame);
        },
        [DropReason.PendingFull] = yard =>
        {
            for (int n = 0; n < Batch.Capacity; n++)
                yard.A.Inject(Eth("ff:ff:ff:ff:ff:ff", MacA) / Raw(new byte[46]));
            for (int n = 0; n < Limits.PendingMax - 5; n++)
                Enqueue(yard);
            yard.Bench.Run();
        },
        [DropReason.PortDown] = yard =>
        {
            yard.Bench.Unplug(yard.B);
            Receive(yard, yard.A, Eth(MacB, MacA) / Raw(new byte[46]));
        },
        [DropReason.TooBig] = yard => Receive(yard, yard.One, Udp4("10.2.0.9", payload: 1480)),
        [DropReason.TooDeep] = yard =>
        {
            // Tunnels in tunnels are possible only where the underlay leads through the bridge itself.
            yard.Bench.Route(Yard.Remote + "/32", AdjacencyKind.Connected, yard.Gateway);
            yard.Bench.Commit();
            Receive(yard, yard.A, Nested(6));
        },
        [DropReason.NotUnderlay] = yard => Receive(yard, yard.Underlay, Outer(Nested(1))),
        [DropReason.Truncated] = yard => Receive(yard, yard.One, new byte[13]),
        [DropReason.NotForUs] = yard =>
            Receive(yard, yard.One, Eth(MacB, MacA) / Ip4("10.1.0.9", "10.2.0.9") / Udp(1, 2)),
        [DropReason.UnknownEtherType] = yard => Receive(yard, yard.One, Eth(Yard.Mac1, MacA, 0x1234)),
        [DropReason.BadSourceMac] = yard => Receive(yard, yard.A, Eth(MacB, "03:00:00:00:00:01")),
        [DropReason.SamePort] = yard => Receive(yard, yard.B, Eth(MacB, MacA)),
        [DropReason.SplitHorizon] = yard =>
        {
            int second = yard.Bench.Tunnel(1, 100, Yard.Local, "192.0.2.3");
            yard.Bench.State.Fdb.SetStatic(FdbTable.Key(1, 0x0200_0000_0099), second);
            yard.Bench.Commit();
            Receive(yard, yard.Underlay, Outer(Eth("02:00:00:00:00:99", MacA) / Raw(new byte[46])));
        },
        [DropReason.ReservedMulticast] = yard => Receive(yard, yard.A, Eth("01:80:c2:00:00:00", MacA)),
        [DropReason.BadArp] = yard => Receive(yard, yard.One, Eth(Yard.Mac1, MacA, 0x0806)),
        [DropReason.ArpNotForUs] = yard => Receive(yard, yard.One,
            Eth("ff:ff:ff:ff:ff:ff", MacA) / Arp(1, MacA, "10.1.0.9", "00:00:00:00:00:00", "10.1.0.77")),
        [DropReason.BadNeighborDiscovery] = yard => Receive(yard, yard.One,
            Eth(Yard.Mac1, MacA) / Ip6("fd00:1::9", "fd00:1::1", hops: 254) / Nd(135, "fd00:1::1", MacA)),
        [DropReason.NeighborNotForUs] = yard => Receive(yard, yard.One,
            Eth(Yard.Mac1, MacA) / Ip6("fd00:1::9", "fd00:1::1", hops: 255) / Nd(135, "fd00:1::77", MacA)),
        [DropReason.NeighborUnresolved] = yard =>
        {
            Receive(yard, yard.One, Udp4("10.2.0.77"));
            for (int second = 0; second < 4; second++)
                yard.Bench.Wait(1.1);
        },
        [DropReason.NeighborQueueFull] = yard =>
        {
            for (int n = 0; n <= Limits.HeldPerNeighbor; n++)
                Receive(yard, yard.One, Udp4("10.2.0.77"));
            for (int second = 0; second < 4; second++)
                yard.Bench.Wait(1.1);
        },
        [DropReason.BadIp4Header] = yard => Receive(yard, yard.One, Changed(Udp4("10.2.0.9"), 14, 0x55)),
        [DropReason.BadIp4Checksum] = yard => Receive(yard, yard.One, Changed(Udp4("10.2.0.9"), 24, 0)),
        [DropReason.BadIp4Options] = yard => Receive(yard, yard.One,
            Eth(Yard.Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.9", options: [131, 4, 4, 0]) / Udp(1, 2)),
        [DropReason.TtlExpired] = yard => Receive(yard, yard.One,
            Eth(Yard.Mac1, MacA) / Ip4("10.1.0.9", "10.2.0.9", ttl: 1) / Udp(1, 2)),
        [DropReason.NoRoute] = yard => Receive(yard, yard.One, Udp4("11.0.0.1")),
        [DropReason.Blackhole] = yard => Receive(yard, yard.One, Udp4("10.90.0.1")),
        [DropReason.Prohibited] = yard => Receive(yard, yard.One, Udp4("10.91.0.1")),
        [DropReason.Martian] = yard => Receive(yard, yard.One, Udp4("127.0.0.1")),
        [DropReason.BadIp6Header] = yard => Receive(yard, yard.One,
            Changed(Eth(Yard.Mac1, MacA) / Ip6("fd00:1::9", "fd00:2::9") / Udp(1, 2), 14, 0x50)),
        [DropReason.BadExtensionHeader] = yard => Receive(yard, yard.One,
            Eth(Yard.Mac1, MacA) / Ip6("fd00:1::9", "fd00:1::1", next: 43, extensions: [17, 9, 0, 0, 0, 0, 0, 0])
                / Udp(1, 2)),
        [DropReason.NoLocalService] = yard => Receive(yard, yard.Host,
            Eth("02:00:00:00:05:01", Yard.HostMac) / Ip4("169.254.0.2", "169.254.0.1") / Tcp(1, 2)),
        [DropReason.NotRouted] = yard => Receive(yard, yard.One,
            Eth("01:00:5e:01:01:01", MacA) / Ip4("10.1.0.9", "10.1.0.1") / Icmp4(8)),
        [DropReason.BadIcmp] = yard => Receive(yard, yard.One,
            Changed(Eth(Yard.Mac1, MacA) / Ip4("10.1.0.9", "10.1.0.1") / Icmp4(8), 45, 0xEE)),
        [DropReason.BadVxlan] = yard => Receive(yard, yard.Underlay, Outer(s_inner, flags: 0)),
        [DropReason.UnknownVni] = yard => Receive(yard, yard.Underlay, Outer(s_inner, vni: 101)),
        [DropReason.UnknownVtep] = yard => Receive(yard, yard.Underlay, Outer(s_inner, from: "192.0.2.66")),
        [DropReason.Congested] = yard => Receive(yard, yard.Underlay, Eth(Yard.UnderlayMac, Yard.RemoteMac)
            / Ip4(Yard.Remote, Yard.Local, tos: 3) / Udp(5, 4789) / Vxlan(100)
            / Raw(Eth(MacB, MacA) / Ip4("10.3.0.8", "10.3.0.9") / Udp(1, 2))),
        [DropReason.BadUdpChecksum] = yard => Receive(yard, yard.Underlay, Changed(Outer(s_inner), 70, 0xEE)),
    };

    /// <summary>Reasons that need another scene than a yard.</summary>
    private static readonly Dictionary<DropReason, Func<long>> s_scenes = new()
    {
        [DropReason.Unspecified] = OwnScenes.ANodeThatThrows,
        [DropReason.TxRingFull] = OwnScenes.AFullTransmitRing,
        [DropReason.HandoffFull] = OwnScenes.AFullHandoffRing,
        [DropReason.NoFloodTarget] = OwnScenes.ALonelyBridgePort,
        [DropReason.PortUnconfigured] = OwnScenes.APortWithoutARole,
        [DropReason.TunnelUnreachable] = OwnScenes.AnUnderlayThroughABridge,
    };

    public static TheoryData<DropReason> Reasons => [.. Enum.GetValues<DropReason>()];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Something_is_dropped_under_every_reason(DropReason reason)
    {
        if (s_scenes.TryGetValue(reason, out Func<long>? scene))
        {
            Assert.True(scene() > 0, $"nothing was dropped for {reason}");
            return;
        }

        Assert.True(s_causes.TryGetValue(reason, out Action<Yard>? cause),
            $"nothing produces {reason}: add a packet that does");
        using Yard yard = new();
        yard.Bench.Route("10.90.0.0/16", AdjacencyKind.Blackhole);
        yard.Bench.Route("10.91.0.0/16", AdjacencyKind.Prohibit);
        yard.Bench.Commit();
        cause!(yard);
        Assert.True(yard.Bench.Dropped(reason) > 0, $"nothing was dropped for {reason}");
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Every_reason_has_a_sentence(DropReason reason)
    {
        ReasonAttribute? attribute =
            typeof(DropReason).GetField(reason.ToString())!.GetCustomAttribute<ReasonAttribute>();
        Assert.NotNull(attribute);
        Assert.EndsWith(".", attribute.Sentence, StringComparison.Ordinal);
        Assert.True(char.IsUpper(attribute.Sentence[0]), attribute.Sentence);
    }

    [Fact]
    public void Numbers_and_sentences_are_their_own()
    {
        DropReason[] all = Enum.GetValues<DropReason>();
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all.Length, all.Select(reason => typeof(DropReason).GetField(reason.ToString())!
            .GetCustomAttribute<ReasonAttribute>()!.Sentence).Distinct().Count());
    }

    private static void Receive(Yard yard, MemoryPort port, byte[] frame) => yard.Bench.Receive(port, frame);

    private static void Enqueue(Yard yard)
    {
        Packet packet = default;
        Assert.True(yard.Bench.Umem.TryTake(out packet.Frame));
        packet.Offset = Limits.Headroom;
        packet.Length = 60;
        packet.TxPort = (ushort)yard.B.Index;
        yard.Bench.Worker.Counters[Counter.Created]++;
        Assert.True(yard.Bench.Worker.TryEnqueue(packet, yard.Bench.Worker.Entries.PortOutput));
    }

    private static byte[] Udp4(string to, int payload = 18) =>
        Eth(Yard.Mac1, MacA) / Ip4("10.1.0.9", to) / Udp(1, 2, payload);

    private static byte[] Outer(byte[] inner, uint vni = 100, string from = Yard.Remote, byte flags = 8) =>
        Eth(Yard.UnderlayMac, Yard.RemoteMac) / Ip4(from, Yard.Local) / Udp(5, 4789) / Vxlan(vni, flags) / Raw(inner);

    /// <summary>
    /// Frames for the gateway of the bridge, each in the next: a tunnel to the gateway's own address takes them out.
    /// </summary>
    private static byte[] Nested(int depth)
    {
        byte[] frame = Eth(Yard.GatewayMac, MacA) / Ip4("10.3.0.8", Yard.Local) / Udp(5, 4789) / Vxlan(100)
            / Raw(s_inner);
        for (int n = 0; n < depth; n++)
            frame = Eth(Yard.GatewayMac, MacA) / Ip4(Yard.Remote, Yard.Local) / Udp(5, 4789) / Vxlan(100) / Raw(frame);
        return frame;
    }

    private static byte[] Changed(byte[] frame, int at, byte value)
    {
        frame[at] = value;
        return frame;
    }
}
