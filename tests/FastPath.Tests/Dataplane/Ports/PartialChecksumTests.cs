using CsCheck;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;
using FastPath.Xdp;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Ports;

public sealed class PartialChecksumTests
{
    public static TheoryData<string> Kinds => ["tcp4", "udp4", "tcp6", "udp6", "tagged", "twice-tagged", "options"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_partial_checksum_is_found_and_completed(string kind)
    {
        (byte[] whole, int start, int field) = Frame(kind, payload: 33);
        byte[] partial = Partial(whole, start, field, kind.EndsWith('6'));
        Assert.False(PartialChecksum.TryFind(whole, out _));
        Assert.True(PartialChecksum.TryFind(partial, out PartialChecksum.Place place));
        Assert.Equal((start, field), (place.Start, place.FieldOffset));
        Assert.Equal(whole, Completed(partial));
    }

    [Fact]
    public void Completing_is_the_sum_over_all_chunks() => Gen.Int[0, 12_000].Sample(payload =>
    {
        (byte[] whole, int start, int field) = Frame("tcp4", payload);
        Assert.Equal(whole, Completed(Partial(whole, start, field, isIp6: false)));
    }, iter: 60);

    [Fact]
    public void What_is_not_partial_is_left_alone() => Gen.Byte.Array[0, 120].Sample(frame =>
    {
        if (!PartialChecksum.TryFind(frame, out _))
            Assert.Equal(frame, frame.Length == 0 ? frame : Completed(frame));
    });

    [Theory]
    [InlineData("fragment")]
    [InlineData("icmp")]
    [InlineData("arp")]
    [InlineData("short")]
    [InlineData("bad-ihl")]
    public void What_has_no_transport_checksum_is_not_partial(string kind)
    {
        byte[] frame = kind switch
        {
            "fragment" => Eth() / Ip4("10.0.0.1", "10.0.0.2", df: false, more: true) / Tcp(1, 2),
            "icmp" => Eth() / Ip4("10.0.0.1", "10.0.0.2") / Icmp4(8),
            "arp" => Eth() / Arp(1, MacA, "10.0.0.1", MacB, "10.0.0.2"),
            "short" => ((byte[])(Eth() / Ip4("10.0.0.1", "10.0.0.2") / Tcp(1, 2)))[..45],
            _ => BadHeaderLength(),
        };
        Assert.False(PartialChecksum.TryFind(frame, out _));
    }

    private static byte[] BadHeaderLength()
    {
        byte[] frame = Eth() / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2);
        frame[14] = 0x41;
        return frame;
    }

    private static (byte[] Whole, int Start, int Field) Frame(string kind, int payload) => kind switch
    {
        "tcp4" => (Eth() / Ip4("10.0.0.1", "10.0.0.2") / Tcp(1, 2, payload: payload), 34, 16),
        "udp4" => (Eth() / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2, payload), 34, 6),
        "tcp6" => (Eth() / Ip6("fd00::1", "fd00::2") / Tcp(1, 2, payload: payload), 54, 16),
        "udp6" => (Eth() / Ip6("fd00::1", "fd00::2") / Udp(1, 2, payload), 54, 6),
        "tagged" => (Eth() / Vlan(5) / Ip4("10.0.0.1", "10.0.0.2") / Tcp(1, 2, payload: payload), 38, 16),
        "twice-tagged" => (Eth() / Vlan(5) / Vlan(6) / Ip4("10.0.0.1", "10.0.0.2")
            / Tcp(1, 2, payload: payload), 42, 16),
        _ => (Eth() / Ip4("10.0.0.1", "10.0.0.2", options: [1, 1, 1, 0]) / Tcp(1, 2, payload: payload), 38, 16),
    };

    /// <summary>What a sender leaves in the field: the sum of the pseudo-header, not complemented.</summary>
    private static byte[] Partial(byte[] whole, int start, int field, bool isIp6)
    {
        byte[] partial = [.. whole];
        int length = whole.Length - start;
        IpProtocol protocol = field == 16 ? IpProtocol.Tcp : IpProtocol.Udp;
        ushort pseudo = isIp6
            ? InternetChecksum.PseudoHeader(Ip6Address.Parse("fd00::1"), Ip6Address.Parse("fd00::2"), protocol, length)
            : InternetChecksum.PseudoHeader(Ip4Address.Parse("10.0.0.1"), Ip4Address.Parse("10.0.0.2"), protocol,
                length);
        (partial[start + field], partial[start + field + 1]) = ((byte)(pseudo >> 8), (byte)pseudo);
        return partial;
    }

    private static byte[] Completed(byte[] frame)
    {
        using Umem umem = Umem.Create(new UmemOptions(64));
        using CounterBlock counters = new(1);
        using Batch batch = new(counters);
        using MemoryPort port = new("p", 1, umem);
        port.Inject(frame);
        Assert.Equal(1, port.Receive(batch, 0, 1));
        PartialChecksum.Complete(umem, batch[0]);
        StagedPacket staged = new()
        {
            Frame = batch[0].Frame,
            Offset = batch[0].Offset,
            Length = batch[0].Length,
            Flags = batch[0].Flags,
        };
        byte[] bytes = new byte[frame.Length];
        Chain.CopyTo(umem, staged, bytes);
        umem.ReleasePacket(staged.Frame);
        return bytes;
    }
}
