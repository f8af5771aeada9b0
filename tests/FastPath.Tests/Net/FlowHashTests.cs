using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using FastPath.Net;
using FastPath.Tests.Packets;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Net;

public sealed class FlowHashTests
{
    private const int Buckets = 256;

    [Fact]
    public void Both_directions_of_a_flow_have_one_hash() =>
        Gen.Select(Gen.UInt, Gen.UInt, Gen.UShort, Gen.UShort, Gen.Bool).Sample((a, b, x, y, isTcp) =>
        {
            string from = new Ip4Address(a).ToString(), to = new Ip4Address(b).ToString();
            Assert.Equal(FlowHash.Of(Packet4(from, to, x, y, isTcp)), FlowHash.Of(Packet4(to, from, y, x, isTcp)));
        });

    [Fact]
    public void Both_directions_of_an_IPv6_flow_have_one_hash() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.UShort, Gen.UShort).Sample((a, b, x, y) =>
        {
            string from = new Ip6Address(a, b).ToString(), to = new Ip6Address(b, ~a).ToString();
            Assert.Equal(FlowHash.Of(Eth() / Ip6(from, to) / Udp(x, y)),
                FlowHash.Of(Eth(MacA, MacB) / Ip6(to, from) / Udp(y, x)));
        });

    [Fact]
    public void A_tag_and_padding_do_not_change_the_hash()
    {
        uint plain = FlowHash.Of(Eth() / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2));
        Assert.Equal(plain, FlowHash.Of(Eth() / Vlan(5) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2)));
        Assert.Equal(plain, FlowHash.Of(Eth() / Vlan(7) / Vlan(5) / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2)));
        Assert.Equal(plain, FlowHash.Of([.. (byte[])(Eth() / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2)), 0, 0, 0]));
    }

    [Fact]
    public void All_fragments_of_a_datagram_have_one_hash()
    {
        byte[] first = Eth() / Ip4("10.0.0.1", "10.0.0.2", df: false, more: true) / Udp(1, 2);
        byte[] later = Eth() / Ip4("10.0.0.1", "10.0.0.2", df: false, offset: 64, protocol: 17)
            / Raw(9, 9, 9, 9, 9, 9, 9, 9);
        Assert.Equal(FlowHash.Of(first), FlowHash.Of(later));
    }

    [Fact]
    public void Ports_behind_IPv4_options_are_found()
    {
        uint one = FlowHash.Of(Eth() / Ip4("10.0.0.1", "10.0.0.2", options: [1, 1, 1, 0]) / Udp(1, 2));
        Assert.Equal(FlowHash.Of(Eth() / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2)), one);
    }

    [Fact]
    public void Any_bytes_have_a_hash() => Gen.Byte.Array[0, 80].Sample(bytes =>
    {
        FlowHash.Of(bytes);
        if (bytes.Length >= 14)
        {
            (bytes[12], bytes[13]) = (8, 0); // also what claims to be IPv4
            FlowHash.Of(bytes);
            (bytes[12], bytes[13]) = (0x86, 0xDD);
            FlowHash.Of(bytes);
        }
    });

    public static TheoryData<string> Mixes => ["ports", "hosts", "services", "ports6", "hosts6", "macs"];

    /// <summary>
    /// Chi-square over 256 buckets, by high and by low bits. The flows are fixed, so the value is, too; 400 is what
    /// random numbers exceed once in ten million (255 degrees of freedom).
    /// </summary>
    [Theory]
    [MemberData(nameof(Mixes))]
    public void Flows_as_they_occur_spread_evenly(string mix)
    {
        uint[] hashes = [.. Flows(mix).Select(frame => FlowHash.Of(frame))];
        Assert.InRange(ChiSquare(hashes, hash => hash >> 24), 0, 400);
        Assert.InRange(ChiSquare(hashes, hash => hash & 255), 0, 400);
        Assert.InRange(ChiSquare(hashes, hash => hash >> 10 & 255), 0, 400);
    }

    private static IEnumerable<byte[]> Flows(string mix) => Enumerable.Range(0, 8192).Select(n => (byte[])(mix switch
    {
        "ports" => Packet4("10.0.0.1", "10.0.0.2", (ushort)(32768 + n), 443, isTcp: true),
        "hosts" => Packet4($"10.1.{n >> 8}.{n & 255}", "10.0.0.2", 40000, 80, isTcp: true),
        "services" => Packet4(
            $"10.1.0.{n & 255}", $"10.96.{n >> 8}.1", (ushort)(30000 + (n * 7 % 1000)), 53, isTcp: false),
        "ports6" => Eth() / Ip6("fd00::1", "fd00::2") / Udp(32768 + n, 443),
        "hosts6" => Eth() / Ip6($"fd00:1::{n:x}", "fd00::2") / Udp(40000, 80),
        _ => Eth($"02:00:00:00:{n >> 8:x2}:{n & 255:x2}", MacA),
    }));

    private static double ChiSquare(uint[] hashes, Func<uint, uint> bucketOf)
    {
        int[] counts = new int[Buckets];
        foreach (uint hash in hashes)
            counts[bucketOf(hash)]++;
        double expected = (double)hashes.Length / Buckets;
        return counts.Sum(count => (count - expected) * (count - expected) / expected);
    }

    private static byte[] Packet4(string from, string to, ushort source, ushort destination, bool isTcp)
    {
        Layer transport = isTcp ? Tcp(source, destination) : Udp(source, destination);
        return Eth() / Ip4(from, to) / transport;
    }
}
