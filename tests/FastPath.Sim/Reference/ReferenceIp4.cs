using System;
using FastPath.Sim.World;

namespace FastPath.Sim.Reference;

/// <summary>IPv4: input checks, routing, local delivery, errors (RFC 791, 792, 1122, 1812).</summary>
internal sealed class ReferenceIp4(ReferenceSwitch owner)
{
    public void Input4(Flow flow)
    {
        byte[] b = flow.Bytes;
        if (b.Length < 20)
            return;
        int header = (b[0] & 15) * 4;
        int total = Bytes.U16(b, 2);
        if (b[0] >> 4 != 4 || header < 20 || total < header || total > b.Length || Bytes.Sum(b, 0, header) != 0xFFFF)
            return;
        if (!AreOptionsGood(b[20..header]) || IsMartian4(b))
            return;
        if (total < b.Length && flow.IsLong)
            return;
        Lookup4(flow with { Bytes = b[..total] }, isEncapsulated: false);
    }

    /// <summary>Well formed and without source routes (RFC 7126 section 4.3).</summary>
    private static bool AreOptionsGood(byte[] options)
    {
        for (int at = 0; at < options.Length && options[at] != 0;)
        {
            if (options[at] == 1)
            {
                at++;
                continue;
            }

            if (at + 1 == options.Length || options[at + 1] < 2 || at + options[at + 1] > options.Length)
                return false;
            if (options[at] is 131 or 137)
                return false;
            at += options[at + 1];
        }

        return true;
    }

    private static bool IsMartian4(byte[] b) => b[12] is 0 or 127 or >= 224 || b[16] is 0 or 127;

    public void Lookup4(Flow flow, bool isEncapsulated)
    {
        Route? route = owner.Topology.Find(false, Bytes.Read(flow.Bytes, 16, 4));
        switch (route?.Kind)
        {
            case RouteKind.Connected or RouteKind.NextHop:
                if (flow.IsOwn || !flow.IsGroup) // RFC 1812 section 5.3.4
                    Forward4(flow, route, isEncapsulated);
                break;
            case RouteKind.Local when !flow.IsOwn: Local4(flow); break;
            case RouteKind.Blackhole or RouteKind.NotRouted: break;
            case RouteKind.Unreachable: Error4(flow, 3, 1, 0); break;
            case RouteKind.Prohibit: Error4(flow, 3, 13, 0); break;
            default: Error4(flow, 3, 0, 0); break;
        }
    }

    /// <summary>Own packets keep their TTL and are never answered.</summary>
    public void Forward4(Flow flow, Route route, bool isEncapsulated)
    {
        byte[] b = [.. flow.Bytes];
        if (!flow.IsOwn && b[8] <= 1)
        {
            Error4(flow, 11, 0, 0);
            return;
        }

        if (b.Length > route.Mtu)
        {
            if (!flow.IsOwn && (b[6] & 0x40) != 0)
                Error4(flow, 3, 4, route.Mtu);
            return;
        }

        if (isEncapsulated && owner.Find(route.Port)?.Kind != InterfaceKind.Device)
            return;
        NeighborName name = new(route.Port, false, route.Kind == RouteKind.NextHop ? route.NextHop : Bytes.Read(b, 16, 4));
        if (!owner.Neighbors.TryFind(name, out ulong mac))
        {
            owner.Neighbors.Hold(flow, name, route, isEncapsulated);
            return;
        }

        if (!flow.IsOwn)
        {
            b[8] -= (byte)(owner.Planted == "ttl" ? 2 : 1);
            int checksum = Bytes.U16(b, 10) + 0x0100; // RFC 1141
            Bytes.Put(b, 10, 2, (uint)((checksum & 0xFFFF) + (checksum >> 16)));
        }

        owner.SendRouted(flow with { Bytes = b }, route.Port, mac, 0x0800, isEncapsulated);
    }

    private void Local4(Flow flow)
    {
        byte[] b = flow.Bytes;
        int header = (b[0] & 15) * 4;
        bool hasTransport = (Bytes.U16(b, 6) & 0x1FFF) == 0;
        bool isFragment = (Bytes.U16(b, 6) & 0x3FFF) != 0;
        int payload = hasTransport ? b.Length - header : 0;
        if (b[9] == 17 && payload >= 8 && owner.Vxlan.IsVxlanPort(Bytes.U16(b, header + 2)))
            owner.Vxlan.Decapsulate(flow, header, isFragment);
        else if (b[9] == 1 && payload >= 8 && b[header] == 8 && !isFragment)
            Echo4(flow, header);
        else if (TryPunt(flow, 0x0800))
            return;
        else if (b[9] is 6 or 17)
            Error4(flow, 3, 3, 0);
    }

    public bool TryPunt(Flow flow, int type)
    {
        int punt = owner.Topology.PuntPort;
        if (punt == 0 || punt == flow.From)
            return false;
        owner.Send(punt, [.. Bytes.Of(6, owner.Topology.PuntMac), .. Bytes.Of(6, owner.Find(punt)!.Mac), .. Bytes.Of(2, (uint)type), .. flow.Bytes]);
        return true;
    }

    private void Echo4(Flow flow, int header)
    {
        byte[] b = flow.Bytes;
        if (Bytes.Sum(b, header, b.Length) != 0xFFFF || flow.IsGroup || flow.Depth == 4)
            return;
        byte[] reply = [.. b];
        b[12..16].CopyTo(reply, 16);
        b[16..20].CopyTo(reply, 12);
        reply[8] = 64;
        reply[header] = 0;
        Bytes.WriteChecksum(reply, header, reply.Length, header + 2);
        Bytes.WriteChecksum(reply, 0, header, 10);
        Lookup4(flow with { Bytes = reply, IsOwn = true, Depth = flow.Depth + 1 }, isEncapsulated: false);
    }

    /// <summary>Answers with an error unless RFC 1122 section 3.2.2 forbids it.</summary>
    public void Error4(Flow flow, int type, int code, int mtu)
    {
        byte[] b = flow.Bytes;
        int header = (b[0] & 15) * 4;
        bool hasTransport = (Bytes.U16(b, 6) & 0x1FFF) == 0;
        bool isToGroup = b[16] >> 4 == 0xE || Bytes.Read(b, 16, 4) == 0xFFFF_FFFF;
        bool isError = b[9] == 1 && (b.Length - header < 8 || b[header] is 3 or 4 or 5 or 11 or 12);
        UInt128 source = owner.Find(flow.From)?.Address4 ?? 0;
        if (flow.IsGroup || flow.IsOwn || !hasTransport || isToGroup || isError || source == 0 || !owner.MaySendError())
            return;
        byte[] quoted = b[..Math.Min(b.Length, 576 - 28)];
        byte[] body = [(byte)type, (byte)code, 0, 0, .. Bytes.Of(4, (uint)mtu), .. quoted];
        Bytes.WriteChecksum(body, 0, body.Length, 2);
        byte[] packet = Own4((uint)source, (uint)Bytes.Read(b, 12, 4), 1, body);
        Lookup4(new Flow { Bytes = packet, From = flow.From, IsOwn = true }, isEncapsulated: false);
    }

    /// <summary>A packet of the switch's own: class selector 6, 64 hops, no options.</summary>
    public static byte[] Own4(uint source, uint destination, byte protocol, byte[] body)
    {
        byte[] packet = [0x45, 0xC0, .. Bytes.Of(2, (uint)(20 + body.Length)), 0, 0, 0, 0, 64, protocol, 0, 0,
            .. Bytes.Of(4, source), .. Bytes.Of(4, destination), .. body];
        Bytes.WriteChecksum(packet, 0, 20, 10);
        return packet;
    }
}
