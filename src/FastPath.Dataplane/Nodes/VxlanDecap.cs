using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Takes frames out of VXLAN (RFC 7348 section 5). Only configured remote end points are believed.
///
/// In:    Offset at the outer IPv4 header, L4Offset at UDP for a local VXLAN port.
/// Out:   back to ethernet-input with the inner frame; RxPort is the tunnel.
/// Drops: Truncated, BadVxlan, UnknownVni, UnknownVtep, BadUdpChecksum, TooDeep.
/// </summary>
[NodeName("vxlan-decap")]
public sealed class VxlanDecap(NodeBuilder build) : Node(build)
{
    private readonly Edge _ethernet = build.BackEdge("ethernet-input");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        foreach (int slot in packets)
        {
            DropReason fault = TryDecapsulate(worker, batch, slot);
            if (fault == DropReason.Unspecified)
                batch.SendBack(slot, _ethernet);
            else
                batch.Drop(slot, fault);
        }
    }

    private static DropReason TryDecapsulate(Worker worker, Batch batch, int slot)
    {
        ref Packet packet = ref batch[slot];
        int outer = packet.L4Offset - packet.Offset + UdpHeader.Size + VxlanHeader.Size;
        ref UdpHeader udp = ref batch.Header<UdpHeader>(slot, packet.L4Offset);
        ref Ipv4Header ip = ref batch.Header<Ipv4Header>(slot, packet.L3Offset);
        if (packet.Length < outer + EthernetHeader.Size || udp.Length != packet.Length - (packet.L4Offset - packet.Offset)
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

        batch.TrimFront(slot, outer);
        packet.L3Offset = 0;
        packet.L4Offset = 0;
        packet.RxPort = (ushort)port;
        packet.Flags = (packet.Flags & PacketFlags.Chained) | PacketFlags.FromTunnel;
        return DropReason.Unspecified;
    }

    /// <summary>A sender on a veth may have left the outer checksum to the device, too: its field is the pseudo-header's sum.</summary>
    private static bool IsChecksumRight(Worker worker, in Packet packet, in Ipv4Header ip, in UdpHeader udp)
    {
        ushort pseudo = InternetChecksum.PseudoHeader(ip.Source, ip.Destination, IpProtocol.Udp, udp.Length);
        bool isPartial = (packet.Flags & PacketFlags.MaybePartialChecksum) != 0 && udp.Checksum == pseudo;
        return isPartial || PacketChecksum.IsValid(worker.UmemOf(packet.Frame), packet, pseudo);
    }
}
