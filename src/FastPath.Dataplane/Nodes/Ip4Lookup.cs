using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Routes IPv4 packets: longest-prefix match, then by what the route says.
///
/// In:    L3Offset at a checked header.
/// Out:   ip4-rewrite (from elsewhere), ip4-output (made here), ip4-local, or icmp4-error; Adjacency is set.
/// Drops: Blackhole, NotRouted (groups, and what came in a link-layer broadcast or multicast).
/// </summary>
[NodeName("ip4-lookup")]
public sealed class Ip4Lookup(NodeBuilder build) : Node(build)
{
    private readonly Edge _rewrite = build.Edge("ip4-rewrite");
    private readonly Edge _output = build.Edge("ip4-output");
    private readonly Edge _local = build.Edge("ip4-local");
    private readonly Edge _error = build.Edge("icmp4-error");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        Fib4 fib = worker.Tables.Fib4;
        Adjacency[] adjacencies = worker.Tables.Adjacencies;
        PacketSet forwarded = default;
        PacketSet local = default;
        PacketSet others = default;

        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            int index = fib.Lookup(batch.Header<Ipv4Header>(slot, packet.L3Offset).Destination);
            packet.Adjacency = index;
            AdjacencyKind kind = adjacencies[index].Kind;
            if ((packet.Flags & (PacketFlags.Originated | PacketFlags.LinkMulticast)) != 0)
                others.Add(slot);
            else if (kind is AdjacencyKind.NextHop or AdjacencyKind.Connected)
                forwarded.Add(slot);
            else if (kind == AdjacencyKind.Local)
                local.Add(slot);
            else
                others.Add(slot);
        }

        batch.SendAll(forwarded, _rewrite);
        batch.SendAll(local, _local);
        foreach (int slot in others)
            Decide(batch, slot, adjacencies[batch[slot].Adjacency].Kind);
    }

    /// <summary>
    /// Packets that FastPath made, routes that lead nowhere, and packets in link-layer broadcasts: those are taken in
    /// when they are for us, but never forwarded (RFC 1812 section 5.3.4), as by the kernel (ip_forward).
    /// </summary>
    private void Decide(Batch batch, int slot, AdjacencyKind kind)
    {
        bool isOwn = (batch[slot].Flags & PacketFlags.Originated) != 0;
        switch (kind)
        {
            case AdjacencyKind.NextHop or AdjacencyKind.Connected when isOwn: batch.Send(slot, _output); break;
            case AdjacencyKind.NextHop or AdjacencyKind.Connected: batch.Drop(slot, DropReason.NotRouted); break;
            case AdjacencyKind.Local when !isOwn: batch.Send(slot, _local); break;
            case AdjacencyKind.Blackhole: batch.Drop(slot, DropReason.Blackhole); break;
            case AdjacencyKind.NotRouted: batch.Drop(slot, DropReason.NotRouted); break;
            case AdjacencyKind.Unreachable:
                Refuse(batch, slot, new IcmpErrorCode(DropReason.Prohibited, Icmp4.DestinationUnreachable,
                    Icmp4.HostUnreachable));
                break;
            case AdjacencyKind.Prohibit:
                Refuse(batch, slot,
                    new IcmpErrorCode(DropReason.Prohibited, Icmp4.DestinationUnreachable,
                        Icmp4.AdministrativelyProhibited));
                break;
            default:
                Refuse(batch, slot, new IcmpErrorCode(DropReason.NoRoute, Icmp4.DestinationUnreachable,
                    Icmp4.NetUnreachable));
                break;
        }
    }

    private void Refuse(Batch batch, int slot, IcmpErrorCode error)
    {
        batch[slot].Adjacency = error.Pack();
        batch.Send(slot, _error);
    }
}
