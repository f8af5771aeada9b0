using System;
using FastPath.Sim.World;

namespace FastPath.Sim.Reference;

/// <summary>IPv6: input checks, extension headers, routing, local delivery, errors (RFC 4291, 4443, 4861, 8200).</summary>
internal sealed class ReferenceIp6(ReferenceSwitch owner)
{
    /// <summary>What stands behind the extension headers; a bad chain has no protocol.</summary>
    private readonly record struct Behind(bool IsGood, int Protocol, int At, bool IsFragment, bool IsLater);

    public void Input6(Flow flow)
    {
        byte[] b = flow.Bytes;
        if (b.Length < 40 || b[0] >> 4 != 6)
            return;
        int total = 40 + Bytes.U16(b, 4);
        if (total > b.Length || (total < b.Length && flow.IsLong))
            return;
        UInt128 source = Bytes.U128(b, 8);
        UInt128 destination = Bytes.U128(b, 24);
        if (b[8] == 0xFF || source == 1 || destination <= 1 || (source == 0 && b[24] != 0xFF))
            return;
        flow = flow with { Bytes = b[..total] };
        if (b[24] == 0xFF || IsLinkLocal(b, 24))
            Local6(flow);
        else
            Lookup6(flow);
    }

    private static bool IsLinkLocal(byte[] b, int at) => b[at] == 0xFE && b[at + 1] >> 6 == 2;

    public void Lookup6(Flow flow)
    {
        byte[] b = flow.Bytes;
        Route? route = owner.Topology.Find(true, Bytes.U128(b, 24));
        if (flow.IsOwn && IsLinkLocal(b, 24))
            route = owner.Find(flow.From) is { IsRouted: true } link
                ? new Route(true, 0, 0, RouteKind.Connected) { Port = link.Number, Mtu = link.Mtu }
                : null;
        switch (route?.Kind)
        {
            case RouteKind.Connected or RouteKind.NextHop:
                if (flow.IsOwn || (!IsLinkLocal(b, 8) && !flow.IsGroup))
                    Forward6(flow, route);
                break;
            case RouteKind.Local when !flow.IsOwn: Local6(flow); break;
            case RouteKind.Blackhole: break;
            case RouteKind.Unreachable: Error6(flow, 1, 3, 0); break;
            case RouteKind.Prohibit: Error6(flow, 1, 1, 0); break;
            default: Error6(flow, 1, 0, 0); break;
        }
    }

    public void Forward6(Flow flow, Route route)
    {
        byte[] b = [.. flow.Bytes];
        if (!flow.IsOwn && b[7] <= 1)
        {
            Error6(flow, 3, 0, 0);
            return;
        }

        if (b.Length > route.Mtu)
        {
            Error6(flow, 2, 0, route.Mtu);
            return;
        }

        NeighborName name = new(route.Port, true, route.Kind == RouteKind.NextHop ? route.NextHop : Bytes.U128(b, 24));
        if (!owner.Neighbors.TryFind(name, out ulong mac))
        {
            owner.Neighbors.Hold(flow, name, route, isEncapsulated: false);
            return;
        }

        if (!flow.IsOwn)
            b[7]--;
        owner.SendRouted(flow with { Bytes = b }, route.Port, mac, 0x86DD);
    }

    private void Local6(Flow flow)
    {
        byte[] b = flow.Bytes;
        Behind behind = Walk(b);
        if (!behind.IsGood || (IsLinkLocal(b, 24) && Bytes.U128(b, 24) != owner.Find(flow.From)?.LinkLocal))
            return;
        bool isWholeIcmp = behind.Protocol == 58 && !behind.IsFragment && b.Length >= behind.At + 8;
        if (isWholeIcmp && b[behind.At] is 135 or 136)
            owner.Neighbors.NeighborDiscovery(flow, behind.At);
        else if (b[24] == 0xFF)
            return;
        else if (isWholeIcmp && b[behind.At] == 128)
            Echo6(flow, behind.At);
        else if (owner.Ip4.TryPunt(flow, 0x86DD))
            return;
        else if (behind.Protocol is 6 or 17)
            Error6(flow, 1, 4, 0);
    }

    private void Echo6(Flow flow, int at)
    {
        byte[] b = flow.Bytes;
        if (!IsIcmp6Right(b, at) || flow.Depth == 4)
            return;
        byte[] reply = [.. b];
        b[8..24].CopyTo(reply, 24);
        b[24..40].CopyTo(reply, 8);
        reply[7] = 64;
        reply[at] = 129;
        Bytes.WriteChecksum(reply, at, reply.Length, at + 2, Bytes.PseudoHeader(reply[8..40], 58, reply.Length - at));
        Lookup6(flow with { Bytes = reply, IsOwn = true, Depth = flow.Depth + 1 });
    }

    public static bool IsIcmp6Right(byte[] b, int at) =>
        Bytes.Sum(b, at, b.Length, Bytes.PseudoHeader(b[8..40], 58, b.Length - at)) == 0xFFFF;

    /// <summary>Answers with an error unless RFC 4443 section 2.4 e forbids it.</summary>
    public void Error6(Flow flow, int type, int code, int mtu)
    {
        byte[] b = flow.Bytes;
        if (flow.IsGroup || flow.IsOwn || Bytes.U128(b, 8) == 0 || b[8] == 0xFF || b[24] == 0xFF)
            return;
        Behind behind = Walk(b);
        bool isUnknownIcmp = behind.Protocol == 58 && (behind.IsLater || b.Length <= behind.At || b[behind.At] is < 128 or 137);
        if (!behind.IsGood || isUnknownIcmp || owner.Find(flow.From) is not { IsRouted: true } port || !owner.MaySendError())
            return;
        UInt128 source = IsLinkLocal(b, 8) || port.Address6 == 0 ? port.LinkLocal : port.Address6;
        byte[] body = [(byte)type, (byte)code, 0, 0, .. Bytes.Of(4, (uint)mtu), .. b[..Math.Min(b.Length, 1280 - 48)]];
        byte[] packet = Own6(source, Bytes.U128(b, 8), body, hops: 64);
        Lookup6(new Flow { Bytes = packet, From = flow.From, IsOwn = true });
    }

    /// <summary>An ICMPv6 message of the switch's own with its checksum.</summary>
    public static byte[] Own6(UInt128 source, UInt128 destination, byte[] body, byte hops)
    {
        byte[] packet = [0x60, 0, 0, 0, .. Bytes.Of(2, (uint)body.Length), 58, hops, .. Bytes.Of(16, source),
            .. Bytes.Of(16, destination), .. body];
        Bytes.WriteChecksum(packet, 40, packet.Length, 42, Bytes.PseudoHeader(packet[8..40], 58, body.Length));
        return packet;
    }

    /// <summary>Walks at most eight extension headers; hop-by-hop options only in front (RFC 8200 section 4).</summary>
    private static Behind Walk(byte[] b)
    {
        int next = b[6];
        int at = 40;
        bool isFragment = false;
        bool isLater = false;
        for (int count = 0; ; count++)
        {
            bool isExtension = next is 0 or 43 or 44 or 51 or 60 or 135;
            if (!isExtension || isLater)
                return new Behind(true, next, at, isFragment, isLater);
            if ((next == 0 && count != 0) || count == 8 || at + 8 > b.Length)
                return default;
            if (next == 44)
            {
                isFragment = (Bytes.U16(b, at + 2) & 0xFFF9) != 0;
                isLater = (Bytes.U16(b, at + 2) & 0xFFF8) != 0;
            }

            int length = next == 44 ? 8 : next == 51 ? (b[at + 1] + 2) * 4 : (b[at + 1] + 1) * 8;
            next = b[at];
            at += length;
            if (at > b.Length)
                return default;
        }
    }
}
