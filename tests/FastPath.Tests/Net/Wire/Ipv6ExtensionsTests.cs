using System;
using System.Collections.Generic;
using CsCheck;
using FastPath.Net;
using PacketDotNet;
using PacketDotNet.Utils;
using Xunit;

namespace FastPath.Tests.Net;

public sealed class Ipv6ExtensionsTests
{
    private static readonly Gen<byte[]> s_chains = Gen.Select(
        OneOf(0, 43, 44, 60, 51, 135).Array[0, 10], Gen.Byte[0, 2].Array[10], Gen.UShort, Gen.Int[0, 3],
        (headers, lengths, fragment, missing) => Chain(headers, lengths, fragment, missing));

    private static Gen<byte> OneOf(params byte[] values) => Gen.Int[0, values.Length - 1].Select(n => values[n]);

    [Fact]
    public void A_slow_walk_says_the_same() => s_chains.Sample(packet =>
    {
        Ipv6Walk walk = Ipv6Extensions.Walk(packet);
        (Ipv6WalkStatus status, IpProtocol protocol, int offset) = Slowly(packet);
        Assert.Equal(status, walk.Status);
        if (status != Ipv6WalkStatus.Ok)
            return;
        Assert.Equal((protocol, offset), (walk.Protocol, walk.Offset));
        Assert.InRange(walk.Offset, Ipv6Header.Size, packet.Length);
    });

    [Fact]
    public void Any_bytes_are_walked_without_leaving_them() => Gen.Byte.Array[40, 200].Sample(packet =>
    {
        Ipv6Walk walk = Ipv6Extensions.Walk(packet);
        if (walk.Status == Ipv6WalkStatus.Ok)
            Assert.InRange(walk.Offset, Ipv6Header.Size, packet.Length);
    });

    [Fact]
    public void Another_library_finds_the_same_transport() =>
        OneOf(43, 60).Array[0, 2].Sample(headers =>
        {
            byte[] packet = Chain(headers, [1, 0, 2], 0, missing: 0);
            IPv6Packet theirs = new(new ByteArraySegment(packet));
            Ipv6Walk walk = Ipv6Extensions.Walk(packet);
            Assert.Equal((byte)theirs.Protocol, (byte)walk.Protocol);
            Assert.Equal(headers.Length, theirs.ExtensionHeaders.Count);
            Assert.True(walk.HasTransportHeader);
        });

    [Theory]
    [InlineData(0x0000, false, 0, true)] // atomic: whole, with a fragment header (RFC 6946)
    [InlineData(0x0001, true, 0, true)] // first of several
    [InlineData(0x0009, true, 8, false)]
    [InlineData(0x0008, true, 8, false)] // last
    [InlineData(0xFFF8, true, 0xFFF8, false)]
    [InlineData(0x0006, false, 0, true)] // reserved bits mean nothing
    public void Fragments_say_where_they_lie(int field, bool isFragment, int offset, bool hasTransport)
    {
        Ipv6Walk walk = Ipv6Extensions.Walk(Chain([44], [0], (ushort)field, missing: 0));
        Assert.Equal((Ipv6WalkStatus.Ok, IpProtocol.Udp, 48), (walk.Status, walk.Protocol, walk.Offset));
        Assert.Equal((isFragment, offset, hasTransport),
            (walk.IsFragment, walk.FragmentOffset, walk.HasTransportHeader));
        Assert.Equal(40, walk.FragmentHeader);
    }

    [Fact]
    public void What_follows_in_a_later_fragment_is_not_believed_to_be_a_header()
    {
        byte[] packet = Chain([44, 60], [0, 9], fragment: 8, missing: 0);
        Ipv6Walk walk = Ipv6Extensions.Walk(packet);
        Assert.Equal((Ipv6WalkStatus.Ok, IpProtocol.DestinationOptions, 48), (walk.Status, walk.Protocol, walk.Offset));
    }

    [Theory]
    [InlineData(new byte[] { 60, 0 }, Ipv6WalkStatus.BadOrder)]
    [InlineData(new byte[] { 0, 0 }, Ipv6WalkStatus.BadOrder)]
    [InlineData(new byte[] { 0, 60, 43, 60 }, Ipv6WalkStatus.Ok)]
    [InlineData(new byte[] { 60, 60, 60, 60, 60, 60, 60, 60 }, Ipv6WalkStatus.Ok)]
    [InlineData(new byte[] { 60, 60, 60, 60, 60, 60, 60, 60, 60 }, Ipv6WalkStatus.TooMany)]
    public void Order_and_number_are_bounded(byte[] headers, Ipv6WalkStatus status) =>
        Assert.Equal(status, Ipv6Extensions.Walk(Chain(headers, new byte[10], 0, missing: 0)).Status);

    [Fact]
    public void Encryption_hides_what_follows() => Assert.False(Ipv6Extensions.IsExtension(IpProtocol.Esp));

    /// <summary>An IPv6 packet with these extension headers and UDP behind; bytes may be missing at the end.</summary>
    private static byte[] Chain(byte[] headers, byte[] lengths, ushort fragment, int missing)
    {
        List<byte> packet = [0x60, 0, 0, 0, 0, 0, headers.Length > 0 ? headers[0] : (byte)17, 64, .. new byte[32]];
        packet[23] = packet[39] = 1;
        for (int n = 0; n < headers.Length; n++)
        {
            byte next = n + 1 < headers.Length ? headers[n + 1] : (byte)17;
            byte units = headers[n] == 44 ? (byte)0 : lengths[n % lengths.Length];
            int bytes = headers[n] switch { 44 => 8, 51 => (units + 2) * 4, _ => (units + 1) * 8 };
            byte[] header = new byte[Math.Max(bytes, 8)];
            header[0] = next;
            header[1] = units;
            if (headers[n] == 44)
                (header[2], header[3]) = ((byte)(fragment >> 8), (byte)fragment);
            packet.AddRange(header.AsSpan(0, bytes));
        }

        packet.AddRange([0, 1, 0, 2, 0, 8, 0, 0]);
        int payload = packet.Count - 40;
        (packet[4], packet[5]) = ((byte)(payload >> 8), (byte)payload);
        return [.. packet[..Math.Max(40, packet.Count - (missing * 7))]];
    }

    private static (Ipv6WalkStatus Status, IpProtocol Protocol, int Offset) Slowly(byte[] packet)
    {
        byte next = packet[6];
        int at = 40;
        int walked = 0;
        bool isLater = false;
        while (next is 0 or 43 or 44 or 51 or 60 or 135 && !isLater)
        {
            if (next == 0 && walked > 0)
                return (Ipv6WalkStatus.BadOrder, default, 0);
            if (++walked > 8)
                return (Ipv6WalkStatus.TooMany, default, 0);
            if (at + 8 > packet.Length)
                return (Ipv6WalkStatus.Truncated, default, 0);
            int bytes = next switch { 44 => 8, 51 => (packet[at + 1] + 2) * 4, _ => (packet[at + 1] + 1) * 8 };
            isLater = next == 44 && ((packet[at + 2] << 8) | packet[at + 3]) >> 3 != 0;
            next = packet[at];
            at += bytes;
            if (at > packet.Length)
                return (Ipv6WalkStatus.Truncated, default, 0);
        }

        return (Ipv6WalkStatus.Ok, (IpProtocol)next, at);
    }
}
