using System;
using FastPath.Sim.World;

namespace FastPath.Sim.Reference;

/// <summary>VXLAN over IPv4 (RFC 7348) and what does not fit into it.</summary>
internal sealed class ReferenceVxlan(ReferenceSwitch owner)
{
    private const int Overhead = 20 + 8 + 8;

    public bool IsVxlanPort(int port)
    {
        foreach (Interface i in owner.Topology.Interfaces.Values)
            if (i.Kind == InterfaceKind.Tunnel)
                return port == 4789;
        return false;
    }

    public void Encapsulate(Flow flow, Interface tunnel)
    {
        Route? route = owner.Topology.Find(false, tunnel.Remote);
        if (route != null && flow.Bytes.Length + Overhead > route.Mtu)
        {
            TellBridged(flow, route.Mtu - Overhead - 14);
            return;
        }

        if (route?.Kind is not (RouteKind.Connected or RouteKind.NextHop))
            return;
        int udp = flow.Bytes.Length + 16;
        byte[] outer = [0x45, 0, .. Bytes.Of(2, (uint)(20 + udp)), 0, 0, 0x40, 0, 64, 17, 0, 0, .. Bytes.Of(4, tunnel.Local),
            .. Bytes.Of(4, tunnel.Remote), 0, 0, .. Bytes.Of(2, 4789), .. Bytes.Of(2, (uint)udp), 0, 0,
            8, 0, 0, 0, .. Bytes.Of(3, tunnel.Vni), 0, .. flow.Bytes];
        Bytes.WriteChecksum(outer, 0, 20, 10);
        owner.Ip4.Forward4(flow with { Bytes = outer, IsOwn = true, IsGroup = false }, route, isEncapsulated: true);
    }

    public void Decapsulate(Flow flow, int header, bool isFragment)
    {
        byte[] b = flow.Bytes;
        int udp = Bytes.U16(b, header + 4);
        if (b.Length < header + 16 + 14 || udp != b.Length - header || isFragment || flow.Depth == 4)
            return;
        if (Bytes.U16(b, header + 6) != 0 && Bytes.Sum(b, header, b.Length, Bytes.PseudoHeader(b[12..20], 17, udp)) != 0xFFFF)
            return;
        if ((b[header + 8] & 8) == 0)
            return;
        uint vni = (uint)Bytes.Read(b, header + 12, 3);
        foreach (Interface tunnel in owner.Topology.Interfaces.Values)
        {
            bool isIt = tunnel.Kind == InterfaceKind.Tunnel && tunnel.Vni == vni
                && tunnel.Remote == Bytes.Read(b, 12, 4) && tunnel.Local == Bytes.Read(b, 16, 4);
            if (!isIt)
                continue;
            if (owner.Topology.Find(false, tunnel.Remote)?.Port != flow.From)
                return; // not from where its remote end is
            byte[] inner = b[(header + 16)..];
            if ((b[1] & 3) == 3 && !TryMark(inner))
                return;
            owner.Ethernet(new Flow
            {
                Bytes = inner,
                From = tunnel.Number,
                IsLong = flow.IsLong,
                Depth = flow.Depth + 1,
            });
            return;
        }
    }

    /// <summary>Copies "congestion experienced" into the inner packet (RFC 6040 section 4.2); false when it cannot have it.</summary>
    private static bool TryMark(byte[] frame)
    {
        int at = 14;
        for (int tags = 0; tags < 2 && at + 4 <= frame.Length && Bytes.U16(frame, at - 2) is 0x8100 or 0x88A8; tags++)
            at += 4;
        int type = Bytes.U16(frame, at - 2);
        if (type == 0x86DD && frame.Length >= at + 40)
        {
            bool isAble = (frame[at + 1] & 0x30) != 0;
            frame[at + 1] |= (byte)(isAble ? 0x30 : 0);
            return isAble;
        }

        if (type != 0x0800 || frame.Length < at + 20)
            return true;
        if ((frame[at + 1] & 3) == 0)
            return false;
        int sum = Bytes.U16(frame, at + 10) - (3 - (frame[at + 1] & 3)); // RFC 1624: the word grows, its complement shrinks
        frame[at + 1] |= 3;
        Bytes.Put(frame, at + 10, 2, (uint)(sum < 0 ? sum + 0xFFFF : sum));
        return true;
    }

    /// <summary>Tells the sender of a bridged frame that it is too long, in the name of its destination.</summary>
    private void TellBridged(Flow flow, int mtu)
    {
        byte[] b = flow.Bytes;
        if ((b[0] & 1) != 0)
            return;
        byte[] packet = b[14..];
        byte[]? message = flow.EtherType switch
        {
            0x0800 => TooBig4(packet, mtu),
            0x86DD => TooBig6(packet, mtu),
            _ => null,
        };
        if (message == null || !owner.MaySendError())
            return;
        byte[] frame = [.. b[6..12], .. b[..6], .. b[12..14], .. message];
        if (owner.Find(flow.From)?.Kind == InterfaceKind.BridgeInterface)
            owner.Route(new Flow { Bytes = frame, From = flow.From, IsOwn = true });
        else
            owner.Send(flow.From, frame);
    }

    private static byte[]? TooBig4(byte[] b, int mtu)
    {
        if (b.Length < 28 || b[0] >> 4 != 4 || (b[6] & 0x40) == 0 || (Bytes.U16(b, 6) & 0x1FFF) != 0)
            return null;
        int header = (b[0] & 15) * 4;
        if (b[9] == 1 && b.Length > header && b[header] is 3 or 4 or 5 or 11 or 12)
            return null;
        byte[] body = [3, 4, 0, 0, .. Bytes.Of(4, (uint)mtu), .. b[..Math.Min(b.Length, 576 - 28)]];
        Bytes.WriteChecksum(body, 0, body.Length, 2);
        return ReferenceIp4.Own4((uint)Bytes.Read(b, 16, 4), (uint)Bytes.Read(b, 12, 4), 1, body);
    }

    private static byte[]? TooBig6(byte[] b, int mtu)
    {
        if (b.Length < 48 || b[0] >> 4 != 6 || b[8] == 0xFF || Bytes.U128(b, 8) == 0 || (b[6] == 58 && (b[40] < 128 || b[40] == 137)))
            return null;
        byte[] body = [2, 0, 0, 0, .. Bytes.Of(4, (uint)mtu), .. b[..Math.Min(b.Length, 1280 - 48)]];
        return ReferenceIp6.Own6(Bytes.U128(b, 24), Bytes.U128(b, 8), body, hops: 64);
    }
}
