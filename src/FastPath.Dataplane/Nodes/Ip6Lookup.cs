using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Routes IPv6 packets: longest-prefix match, then by what the route says.
///
/// In:    L3Offset at a checked header; destination neither multicast nor, from elsewhere, link-local.
/// Out:   ip6-rewrite (from elsewhere), ip6-output (made here), ip6-local, or icmp6-error; Adjacency is set.
/// Drops: Blackhole, Martian (link-local source that would leave its link, RFC 4291 section 2.5.6), NotRouted (what
///        came in a link-layer broadcast or multicast: the kernel forwards none either, ip6_forward).
/// </summary>
[NodeName("ip6-lookup")]
public sealed class Ip6Lookup(NodeBuilder build) : Node(build)
{
    private readonly Edge _rewrite = build.Edge("ip6-rewrite");
    private readonly Edge _output = build.Edge("ip6-output");
    private readonly Edge _local = build.Edge("ip6-local");
    private readonly Edge _error = build.Edge("icmp6-error");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        Fib6 fib = worker.Tables.Fib6;
        Adjacency[] adjacencies = worker.Tables.Adjacencies;
        PacketSet forwarded = default;

        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            ref Ipv6Header header = ref batch.Header<Ipv6Header>(slot, packet.L3Offset);
            bool isOwn = (packet.Flags & PacketFlags.Originated) != 0;
            int index = isOwn && header.Destination.IsLinkLocal
                ? LinkOf(worker.Tables, packet.RxPort)
                : fib.Lookup(header.Destination);
            packet.Adjacency = index;
            AdjacencyKind kind = adjacencies[index].Kind;
            if (kind is AdjacencyKind.NextHop or AdjacencyKind.Connected && !isOwn)
            {
                if (header.Source.IsLinkLocal)
                    batch.Drop(slot, DropReason.Martian);
                else if ((packet.Flags & PacketFlags.LinkMulticast) != 0)
                    batch.Drop(slot, DropReason.NotRouted);
                else
                    forwarded.Add(slot);
            }
            else
                Decide(batch, slot, kind, isOwn);
        }

        batch.SendAll(forwarded, _rewrite);
    }

    /// <summary>An answer to a link-local address leaves by the link the question came from.</summary>
    private static int LinkOf(SwitchTables tables, ushort port) => tables.Ports[port].LinkAdjacency;

    private void Decide(Batch batch, int slot, AdjacencyKind kind, bool isOwn)
    {
        switch (kind)
        {
            case AdjacencyKind.NextHop or AdjacencyKind.Connected: batch.Send(slot, _output); break;
            case AdjacencyKind.Local when !isOwn: batch.Send(slot, _local); break;
            case AdjacencyKind.Blackhole: batch.Drop(slot, DropReason.Blackhole); break;
            case AdjacencyKind.Unreachable:
                Refuse(batch, slot, new IcmpErrorCode(DropReason.Prohibited, Icmp6.DestinationUnreachable,
                    Icmp6.AddressUnreachable));
                break;
            case AdjacencyKind.Prohibit:
                Refuse(batch, slot,
                    new IcmpErrorCode(DropReason.Prohibited, Icmp6.DestinationUnreachable,
                        Icmp6.AdministrativelyProhibited));
                break;
            default:
                Refuse(batch, slot, new IcmpErrorCode(DropReason.NoRoute, Icmp6.DestinationUnreachable, Icmp6.NoRoute));
                break;
        }
    }

    private void Refuse(Batch batch, int slot, IcmpErrorCode error)
    {
        batch[slot].Adjacency = error.Pack();
        batch.Send(slot, _error);
    }
}
