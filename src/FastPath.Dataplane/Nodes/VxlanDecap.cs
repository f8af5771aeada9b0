using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;
using FastPath.Xdp;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Takes frames out of VXLAN (RFC 7348 section 5). Only configured remote end points are believed.
///
/// In:    Offset at the outer IPv4 header, L4Offset at UDP for a local VXLAN port.
/// Out:   back to ethernet-input with the inner frame; RxPort is the tunnel.
/// Drops: Truncated, BadVxlan, UnknownVni, UnknownVtep, NotUnderlay, BadUdpChecksum, Congested, TooDeep.
/// </summary>
[NodeName("vxlan-decap")]
public sealed class VxlanDecap(NodeBuilder build) : Node(build)
{
    private const int Headers = UdpHeader.Size + VxlanHeader.Size;

    private readonly Edge _ethernet = build.BackEdge("ethernet-input");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        // Packets of a batch mostly come through one tunnel: its look-up serves the next, too
        TunnelMatch match = default;
        PacketSet good = default;
        PacketSet others = default;
        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            int udpLength = packet.Length - (packet.L4Offset - packet.Offset);
            ref UdpHeader udp = ref batch.Header<UdpHeader>(slot, packet.L4Offset);
            ref Ipv4Header ip = ref batch.Header<Ipv4Header>(slot, packet.L3Offset);
            ref VxlanHeader vxlan = ref batch.Header<VxlanHeader>(slot, packet.L4Offset + UdpHeader.Size);
            if (!match.Is(vxlan.Vni, ip.Destination, ip.Source, packet.RxPort))
                match = Match(worker.Tables, vxlan.Vni, ip, packet.RxPort);
            // What is shorter than its headers is read as what lies in the chunk behind it, and then refused.
            if (udpLength < Headers + EthernetHeader.Size || udp.Length != udpLength || udp.Checksum != 0
                || !ip.IsWholeAndUnmarked
                || !vxlan.HasVni || match.Port == 0 || packet.Depth >= Limits.DepthMax)
            {
                others.Add(slot);
                continue;
            }

            TakeOff(batch, slot, match.Port);
            packet.Depth++;
            good.Add(slot);
        }

        batch.SendAll(good, _ethernet);
        foreach (int slot in others)
        {
            DropReason fault = TryDecapsulate(worker, batch, slot);
            if (fault == DropReason.Unspecified)
                batch.SendBack(slot, _ethernet);
            else
                batch.Drop(slot, fault);
        }
    }

    private static TunnelMatch Match(SwitchTables tables, uint vni, in Ipv4Header ip, ushort rxPort)
    {
        int port = tables.TunnelsByPacket.Lookup(vni, ip.Destination, ip.Source);
        bool isIt = port != 0 && IsUnderlay(tables, port, rxPort);
        return new TunnelMatch(vni, ip.Destination, ip.Source, rxPort, isIt ? (ushort)port : (ushort)0);
    }

    /// <summary>
    /// Whether packets of a tunnel may come in by a port: a container that may send to the gateway could otherwise put
    /// frames into any network, because the outer source address is all that tells who sent them (RFC 7348 section 7).
    /// </summary>
    private static bool IsUnderlay(SwitchTables tables, int tunnel, ushort rxPort) =>
        tables.Ports[rxPort].KernelNeighbors
        || tables.Tunnels[tables.Ports[tunnel].Tunnel].UnderlayPort == rxPort;

    private static void TakeOff(Batch batch, int slot, ushort port)
    {
        ref Packet packet = ref batch[slot];
        batch.TrimFront(slot, packet.L4Offset - packet.Offset + Headers);
        packet.L3Offset = 0;
        packet.L4Offset = 0;
        packet.RxPort = port;
        // The inner sender may have left its checksum to the device as well as the outer one.
        packet.Flags &= PacketFlags.Chained | PacketFlags.MaybePartialChecksum;
    }

    /// <summary>
    /// The same for one packet, with its checksum, its mark of congestion and the reason why it is refused.
    /// </summary>
    private static DropReason TryDecapsulate(Worker worker, Batch batch, int slot)
    {
        ref Packet packet = ref batch[slot];
        int outer = packet.L4Offset - packet.Offset + Headers;
        ref UdpHeader udp = ref batch.Header<UdpHeader>(slot, packet.L4Offset);
        ref Ipv4Header ip = ref batch.Header<Ipv4Header>(slot, packet.L3Offset);
        if (packet.Length < outer + EthernetHeader.Size
            || udp.Length != packet.Length - (packet.L4Offset - packet.Offset)
            || ip.IsFragment)
            return DropReason.Truncated;
        if (udp.Checksum != 0 && !IsChecksumRight(worker, packet, ip, udp))
            return DropReason.BadUdpChecksum;

        ref VxlanHeader vxlan = ref batch.Header<VxlanHeader>(slot, packet.L4Offset + UdpHeader.Size);
        if (!vxlan.HasVni)
            return DropReason.BadVxlan;
        TunnelTable tunnels = worker.Tables.TunnelsByPacket;
        int port = tunnels.Lookup(vxlan.Vni, ip.Destination, ip.Source);
        if (port == 0)
            return tunnels.HasVni(vxlan.Vni) ? DropReason.UnknownVtep : DropReason.UnknownVni;
        if (!IsUnderlay(worker.Tables, port, packet.RxPort))
            return DropReason.NotUnderlay;

        if ((ip.DscpAndEcn & Ecn.Mask) == Ecn.Mask && !Ecn.TryMark(batch.Bytes(slot)[outer..]))
            return DropReason.Congested;
        TakeOff(batch, slot, (ushort)port);
        return DropReason.Unspecified;
    }

    /// <summary>
    /// A sender on a veth may have left the outer checksum to the device: its field is the pseudo-header's sum. When it
    /// left the inner one, the outer is right for the completed packet (lco_csum in the kernel), so that is done first.
    /// </summary>
    private static bool IsChecksumRight(Worker worker, in Packet packet, in Ipv4Header ip, in UdpHeader udp)
    {
        ushort pseudo = InternetChecksum.PseudoHeader(ip.Source, ip.Destination, IpProtocol.Udp, udp.Length);
        Umem umem = worker.UmemOf(packet.Frame);
        if ((packet.Flags & PacketFlags.MaybePartialChecksum) != 0)
        {
            if (udp.Checksum == pseudo)
                return true;
            int outer = packet.L4Offset - packet.Offset + Headers;
            Packet inner = packet;
            inner.Offset += (ushort)outer;
            inner.Length -= (ushort)outer;
            PartialChecksum.Complete(umem, inner);
        }

        return PacketChecksum.IsValid(umem, packet, pseudo);
    }
}
