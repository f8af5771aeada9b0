using System;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Gives IPv4 packets for own addresses to the service that takes them.
///
/// In:    L3Offset at a checked header, Adjacency is local.
/// Out:   icmp4-echo, vxlan-decap, punt, or icmp4-error (port unreachable) when nobody takes UDP or TCP.
/// Drops: NoLocalService.
/// </summary>
[NodeName("ip4-local")]
public sealed class Ip4Local(NodeBuilder build) : Node(build)
{
    private static readonly IcmpErrorCode s_noService =
        new(DropReason.NoLocalService, Icmp4.DestinationUnreachable, Icmp4.PortUnreachable);

    private readonly Edge _echo = build.Edge("icmp4-echo");
    private readonly Edge _decap = build.Edge("vxlan-decap");
    private readonly Edge _punt = build.Edge("punt");
    private readonly Edge _error = build.Edge("icmp4-error");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        SwitchTables tables = worker.Tables;
        PacketSet tunnelled = default;
        PacketSet others = default;
        ushort vxlanPort = tables.VxlanPorts.Length == 0 ? (ushort)0 : tables.VxlanPorts[0];
        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            bool isUdp = batch.Header<Ipv4Header>(slot, packet.L3Offset).Protocol == IpProtocol.Udp;
            int payload = packet.Length - (packet.L4Offset - packet.L3Offset);
            if (isUdp && packet.L4Offset != 0 && payload >= UdpHeader.Size && vxlanPort != 0
                && batch.Header<UdpHeader>(slot, packet.L4Offset).DestinationPort == vxlanPort)
                tunnelled.Add(slot);
            else
                others.Add(slot);
        }

        batch.SendAll(tunnelled, _decap);
        foreach (int slot in others)
            Deliver(tables, batch, slot);
    }

    private void Deliver(SwitchTables tables, Batch batch, int slot)
    {
        ref Packet packet = ref batch[slot];
        IpProtocol protocol = batch.Header<Ipv4Header>(slot, packet.L3Offset).Protocol;
        int payload = packet.L4Offset == 0 ? 0 : packet.Length - (packet.L4Offset - packet.L3Offset);
        if (protocol == IpProtocol.Udp && payload >= UdpHeader.Size && IsVxlan(tables, batch, slot))
            batch.Send(slot, _decap);
        else if (protocol == IpProtocol.Icmp && payload >= IcmpHeader.Size && IsEcho(batch, slot))
            batch.Send(slot, _echo);
        else if (tables.PuntPort != 0 && packet.RxPort != tables.PuntPort)
            batch.Send(slot, _punt);
        else if (protocol is IpProtocol.Udp or IpProtocol.Tcp)
        {
            packet.Adjacency = s_noService.Pack();
            batch.Send(slot, _error);
        }
        else
            batch.Drop(slot, DropReason.NoLocalService);
    }

    private static bool IsVxlan(SwitchTables tables, Batch batch, int slot)
    {
        ushort port = batch.Header<UdpHeader>(slot, batch[slot].L4Offset).DestinationPort;
        return tables.VxlanPorts.AsSpan().Contains(port);
    }

    private static bool IsEcho(Batch batch, int slot)
    {
        // A fragment of an echo is not answered: there is no reassembly.
        return batch.Header<IcmpHeader>(slot, batch[slot].L4Offset).Type == Icmp4.EchoRequest
            && !batch.Header<Ipv4Header>(slot, batch[slot].L3Offset).IsFragment;
    }
}
