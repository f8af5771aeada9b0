using System.Runtime.InteropServices;
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
    private const uint VersionAndLength = 0x4500;
    private const uint DontFragment = 0x4000;

    private readonly Edge _output = build.Edge("underlay-output");
    private readonly Edge _tooBig = build.Edge("bridged-too-big");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        SwitchTables tables = worker.Tables;
        PortEntry[] ports = tables.Ports;
        PacketSet good = default;
        PacketSet others = default;
        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            ref TunnelEntry tunnel = ref tables.Tunnels[ports[packet.TxPort].Tunnel];
            int mtu = tables.Adjacencies[tunnel.Adjacency].Mtu;
            if (packet.Length + Overhead > mtu || (packet.Flags & PacketFlags.MaybePartialChecksum) != 0
                || !FlowHash.TryOfPlain(ref batch.Header<FlowHeaders>(slot, packet.Offset), packet.Length,
                    out uint hash))
            {
                others.Add(slot);
                continue;
            }

            Encapsulate(batch, slot, tunnel, hash);
            good.Add(slot);
        }

        foreach (int slot in others)
            if (IsEncapsulated(worker, batch, slot))
                good.Add(slot);
        batch.SendAll(good, _output);
    }

    /// <summary>
    /// The same for what is no plain IPv4, has a checksum to complete, or is too long. False when it was not sent on.
    /// </summary>
    private bool IsEncapsulated(Worker worker, Batch batch, int slot)
    {
        SwitchTables tables = worker.Tables;
        ref Packet packet = ref batch[slot];
        ref TunnelEntry tunnel = ref tables.Tunnels[tables.Ports[packet.TxPort].Tunnel];
        int mtu = tables.Adjacencies[tunnel.Adjacency].Mtu;
        if (mtu != 0 && packet.Length + Overhead > mtu)
        {
            packet.TooBigMtu = (uint)(mtu - Overhead - EthernetHeader.Size);
            batch.Send(slot, _tooBig);
            return false;
        }

        if ((packet.Flags & PacketFlags.MaybePartialChecksum) != 0)
            PartialChecksum.Complete(worker.UmemOf(packet.Frame), packet);
        Encapsulate(batch, slot, tunnel, FlowHash.Of(batch.Bytes(slot)));
        return true;
    }

    /// <summary>
    /// Writes the 36 bytes in front of the frame as words in network order: what is written in small pieces and then
    /// summed or read as a whole waits for each piece.
    /// </summary>
    private static void Encapsulate(Batch batch, int slot, in TunnelEntry tunnel, uint hash)
    {
        batch.Prepend(slot, Overhead);
        ref Packet packet = ref batch[slot];
        ref OuterHeaders outer = ref batch.Header<OuterHeaders>(slot, packet.Offset);
        uint total = packet.Length;
        uint source = tunnel.Local.Value;
        uint destination = tunnel.Remote.Value;
        uint lifeAndProtocol = ((uint)tunnel.TimeToLive << 8) | (uint)IpProtocol.Udp;
        uint sum = VersionAndLength + total + DontFragment + lifeAndProtocol + (source >> 16) + (source & 0xFFFF)
            + (destination >> 16) + (destination & 0xFFFF);
        sum = (sum & 0xFFFF) + (sum >> 16); // below 2^20 before, so that two folds are enough
        uint checksum = (ushort)~(sum + (sum >> 16));
        uint sourcePort = tunnel.FirstSourcePort + (hash & tunnel.SourcePortMask);

        // Version, length, type of service 0, total length; identification 0, because with DF it means nothing (RFC
        // 6864 4.1).
        outer.Ip0 = ((ulong)VersionAndLength << 48) | ((ulong)total << 32) | DontFragment;
        outer.Ip8 = ((ulong)lifeAndProtocol << 48) | ((ulong)checksum << 32) | source;
        outer.Ip16AndPorts = ((ulong)destination << 32) | (sourcePort << 16) | tunnel.Port;
        // UDP checksum 0: RFC 7348 section 5 says it SHOULD be so over IPv4. Then the flag "VNI is valid".
        outer.UdpAndVxlan = ((ulong)(total - Ipv4Header.Size) << 48) | VxlanHeader.ValidVni;
        outer.Vni = tunnel.Vni << 8;

        packet.L3Offset = packet.Offset;
        packet.L4Offset = (ushort)(packet.Offset + Ipv4Header.Size);
        packet.Adjacency = tunnel.Adjacency;
        packet.Flags = (packet.Flags & PacketFlags.Chained) | PacketFlags.Originated | PacketFlags.Encapsulated;
    }

    /// <summary>Outer IPv4, UDP and VXLAN headers as words.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct OuterHeaders
    {
        public U64Be Ip0;
        public U64Be Ip8;
        public U64Be Ip16AndPorts;
        public U64Be UdpAndVxlan;
        public U32Be Vni;
    }
}
