using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Gives IPv6 packets for own, link-local and group addresses to the service that takes them.
///
/// In:    L3Offset at a checked header.
/// Out:   nd-input, icmp6-echo, punt, or icmp6-error (port unreachable); L4Offset behind the extension headers.
/// Drops: BadExtensionHeader, NotForUs (another station's link-local address), NotRouted (groups), NoLocalService.
/// </summary>
[NodeName("ip6-local")]
public sealed class Ip6Local(NodeBuilder build) : Node(build)
{
    private static readonly IcmpErrorCode s_noService =
        new(DropReason.NoLocalService, Icmp6.DestinationUnreachable, Icmp6.PortUnreachable);

    private readonly Edge _neighbor = build.Edge("nd-input");
    private readonly Edge _echo = build.Edge("icmp6-echo");
    private readonly Edge _punt = build.Edge("punt");
    private readonly Edge _error = build.Edge("icmp6-error");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            Ip6Address destination = batch.Header<Ipv6Header>(slot, packet.L3Offset).Destination;
            Ipv6Walk walk = Ipv6Extensions.Walk(batch.Bytes(slot));
            if (walk.Status != Ipv6WalkStatus.Ok)
                batch.Drop(slot, DropReason.BadExtensionHeader);
            else if (destination.IsLinkLocal
                && !worker.Tables.Ports[packet.RxPort].HasLinkLocal(destination))
                batch.Drop(slot, DropReason.NotForUs);
            else
                Deliver(worker.Tables, batch, slot, walk, destination);
        }
    }

    private void Deliver(SwitchTables tables, Batch batch, int slot, in Ipv6Walk walk, Ip6Address destination)
    {
        ref Packet packet = ref batch[slot];
        packet.L4Offset = (ushort)(packet.L3Offset + walk.Offset);
        bool isWholeIcmp = walk.Protocol == IpProtocol.Icmp6 && !walk.IsFragment
            && packet.Length >= walk.Offset + IcmpHeader.Size;
        byte type = isWholeIcmp ? batch.Header<IcmpHeader>(slot, packet.L4Offset).Type : (byte)0;
        if (type is Icmp6.NeighborSolicitation or Icmp6.NeighborAdvertisement)
            batch.Send(slot, _neighbor);
        else if (destination.IsMulticast)
            batch.Drop(slot, DropReason.NotRouted);
        else if (type == Icmp6.EchoRequest)
            batch.Send(slot, _echo);
        else if (tables.PuntPort != 0 && packet.RxPort != tables.PuntPort)
            batch.Send(slot, _punt);
        else if (walk.Protocol is IpProtocol.Udp or IpProtocol.Tcp)
        {
            packet.Adjacency = s_noService.Pack();
            batch.Send(slot, _error);
        }
        else
            batch.Drop(slot, DropReason.NoLocalService);
    }
}
