using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Puts bridged frames into VXLAN toward a remote end point (RFC 7348 section 5).
///
/// In:    a whole frame; TxPort is the tunnel.
/// Out:   underlay-output with the outer IPv4, UDP and VXLAN headers in front; bridged-too-big when it does not fit.
/// Drops: none.
/// </summary>
[NodeName("vxlan-encap")]
public sealed class VxlanEncap(NodeBuilder build) : Node(build)
{
    private const int Overhead = Ipv4Header.Size + UdpHeader.Size + VxlanHeader.Size;
    private const ushort DontFragment = 0x4000;

    private readonly Edge _output = build.Edge("underlay-output");
    private readonly Edge _tooBig = build.Edge("bridged-too-big");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        SwitchTables tables = worker.Tables;
        PacketSet good = default;
        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            ref TunnelEntry tunnel = ref tables.Tunnels[tables.Ports[packet.TxPort].Tunnel];
            int mtu = tables.Adjacencies[tunnel.Adjacency].Mtu;
            if (mtu != 0 && packet.Length + Overhead > mtu)
            {
                packet.FlowHash = (uint)(mtu - Overhead - EthernetHeader.Size);
                batch.Send(slot, _tooBig);
                continue;
            }

            if ((packet.Flags & PacketFlags.MaybePartialChecksum) != 0)
                PartialChecksum.Complete(worker.UmemOf(packet.Frame), packet);
            Encapsulate(batch, slot, tunnel);
            good.Add(slot);
        }

        batch.SendAll(good, _output);
    }

    private static void Encapsulate(Batch batch, int slot, in TunnelEntry tunnel)
    {
        ref Packet packet = ref batch[slot];
        uint hash = FlowHash.Of(batch.Bytes(slot));
        batch.Prepend(slot, Overhead);
        int at = packet.Offset;
        ref Ipv4Header ip = ref batch.Header<Ipv4Header>(slot, at);
        ip.VersionAndIhl = Ipv4Header.PlainVersionAndIhl;
        ip.DscpAndEcn = 0;
        ip.TotalLength = packet.Length;
        ip.Identification = 0; // DF is set: the field means nothing (RFC 6864 section 4.1)
        ip.FlagsAndFragmentOffset = DontFragment;
        ip.TimeToLive = tunnel.TimeToLive;
        ip.Protocol = IpProtocol.Udp;
        ip.Checksum = 0;
        ip.Source = tunnel.Local;
        ip.Destination = tunnel.Remote;
        ip.Checksum = InternetChecksum.OfPlainHeader(ref ip);

        ref UdpHeader udp = ref batch.Header<UdpHeader>(slot, at + Ipv4Header.Size);
        udp.SourcePort = (ushort)(tunnel.FirstSourcePort + (hash & tunnel.SourcePortMask));
        udp.DestinationPort = tunnel.Port;
        udp.Length = (ushort)(packet.Length - Ipv4Header.Size);
        udp.Checksum = 0; // RFC 7348 section 5: SHOULD be zero over IPv4
        batch.Header<VxlanHeader>(slot, at + Ipv4Header.Size + UdpHeader.Size) = VxlanHeader.Of(tunnel.Vni);

        packet.L3Offset = (ushort)at;
        packet.L4Offset = (ushort)(at + Ipv4Header.Size);
        packet.Adjacency = tunnel.Adjacency;
        packet.Flags = (packet.Flags & PacketFlags.Chained) | PacketFlags.Originated | PacketFlags.Encapsulated;
    }
}
