using System;
using System.Buffers.Binary;
using System.Linq;
using FastPath.Net;

namespace FastPath.Tests.Packets;

/// <summary>
/// Builds packets that read like packets: Eth(..) / Ip4(..) / Udp(..). Written byte by byte, with sums of its own, so that
/// it can judge the code under test.
/// </summary>
public static class PacketBuilder
{
    public const string MacA = "02:00:00:00:00:0a";
    public const string MacB = "02:00:00:00:00:0b";

    public static Layer Eth(string destination = MacB, string source = MacA, ushort? type = null) =>
        new((payload, inner) => [.. Mac(destination), .. Mac(source), .. Be(type ?? inner?.EtherType ?? 0x88B5), .. payload]);

    public static Layer Vlan(int vid, int pcp = 0) =>
        new((payload, inner) => [.. Be((ushort)((pcp << 13) | vid)), .. Be(inner?.EtherType ?? 0x88B5), .. payload], etherType: 0x8100);

    public static Layer Arp(ushort operation, string senderMac, string senderIp, string targetMac, string targetIp) =>
        new((payload, _) => [0, 1, 8, 0, 6, 4, .. Be(operation), .. Mac(senderMac), .. Ip(senderIp), .. Mac(targetMac),
            .. Ip(targetIp), .. payload], etherType: 0x0806);

    public static Layer Ip4(string source, string destination, int ttl = 64, bool df = true, ushort id = 0, int offset = 0,
        bool more = false, byte? protocol = null, byte tos = 0, byte[]? options = null) =>
        new((payload, inner) =>
        {
            int headerLength = 20 + (options?.Length ?? 0);
            ushort flags = (ushort)((df ? 0x4000 : 0) | (more ? 0x2000 : 0) | (offset / 8));
            byte[] body = FillChecksum(payload, inner, Ip(source), Ip(destination), offset == 0 && !more);
            byte[] header = [(byte)(0x40 | (headerLength / 4)), tos, .. Be((ushort)(headerLength + body.Length)), .. Be(id),
                .. Be(flags), (byte)ttl, protocol ?? inner?.Protocol ?? 253, 0, 0, .. Ip(source), .. Ip(destination),
                .. options ?? []];
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(10), Checksum(header));
            return [.. header, .. body];
        }, protocol: 4, etherType: 0x0800);

    public static Layer Ip6(string source, string destination, int hops = 64, byte? next = null, byte[]? extensions = null) =>
        new((payload, inner) =>
        {
            byte[] body = FillChecksum(payload, inner, Ip(source), Ip(destination), fill: true);
            byte[] behind = [.. extensions ?? [], .. body];
            return [0x60, 0, 0, 0, .. Be((ushort)behind.Length), next ?? inner?.Protocol ?? 59, (byte)hops, .. Ip(source),
                .. Ip(destination), .. behind];
        }, protocol: 41, etherType: 0x86DD);

    public static Layer Udp(int source, int destination, int payload = 18) =>
        new((inner, _) => [.. Be((ushort)source), .. Be((ushort)destination),
            .. Be((ushort)(8 + (inner.Length == 0 ? payload : inner.Length))), 0, 0, .. inner.Length == 0 ? Fill(payload) : inner],
            protocol: 17);

    public static Layer Tcp(int source, int destination, byte flags = 0x10, int payload = 0) =>
        new((inner, _) => [.. Be((ushort)source), .. Be((ushort)destination), 0, 0, 0, 1, 0, 0, 0, 0, 0x50, flags, 0x20, 0, 0, 0,
            0, 0, .. inner.Length == 0 ? Fill(payload) : inner], protocol: 6);

    public static Layer Icmp4(byte type, byte code = 0, uint rest = 0x0001_0001, int payload = 16) =>
        new((inner, _) =>
        {
            byte[] bytes = [type, code, 0, 0, (byte)(rest >> 24), (byte)(rest >> 16), (byte)(rest >> 8), (byte)rest,
                .. inner.Length == 0 ? Fill(payload) : inner];
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), Checksum(bytes));
            return bytes;
        }, protocol: 1);

    public static Layer Icmp6(byte type, byte code = 0, uint rest = 0x0001_0001, byte[]? body = null) =>
        new((inner, _) => [type, code, 0, 0, (byte)(rest >> 24), (byte)(rest >> 16), (byte)(rest >> 8), (byte)rest,
            .. body ?? Fill(16), .. inner], protocol: 58);

    /// <summary>Neighbor solicitation with a source link-layer option, or an advertisement with a target one.</summary>
    public static Layer Nd(byte type, string target, string? mac, uint flags = 0) => Icmp6(type, rest: flags,
        body: [.. Ip(target), .. mac == null ? [] : (byte[])[(byte)(type == 135 ? 1 : 2), 1, .. Mac(mac)]]);

    public static Layer Vxlan(uint vni, byte flags = 8) =>
        new((payload, _) => [flags, 0, 0, 0, (byte)(vni >> 16), (byte)(vni >> 8), (byte)vni, 0, .. payload]);

    public static Layer Raw(params byte[] bytes) => new((payload, _) => [.. bytes, .. payload]);

    public static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    public static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int n = 0; n < bytes.Length; n++)
            sum += (uint)(n % 2 == 0 ? bytes[n] << 8 : bytes[n]);
        while (sum >> 16 != 0)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }

    private static byte[] FillChecksum(byte[] payload, Layer? inner, byte[] source, byte[] destination, bool fill)
    {
        int at = inner?.Protocol switch { 6 => 16, 17 => 6, 58 => 2, _ => -1 };
        if (at < 0 || !fill)
            return payload;
        byte[] pseudo = [.. source, .. destination, 0, 0, .. Be((ushort)payload.Length), 0, inner!.Protocol!.Value];
        ushort sum = Checksum([.. pseudo, .. payload]);
        BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(at), sum == 0 && inner.Protocol == 17 ? (ushort)0xFFFF : sum);
        return payload;
    }

    private static byte[] Fill(int length) => Enumerable.Range(0, length).Select(n => (byte)n).ToArray();

    private static byte[] Be(ushort value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Mac(string text)
    {
        ulong value = MacAddress.Parse(text).Value;
        return [.. Enumerable.Range(0, 6).Select(n => (byte)(value >> (40 - (n * 8))))];
    }

    private static byte[] Ip(string text) => System.Net.IPAddress.Parse(text).GetAddressBytes();
}
