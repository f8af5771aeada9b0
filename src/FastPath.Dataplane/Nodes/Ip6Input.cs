using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Checks an IPv6 header (RFC 8200 section 3) and takes the Ethernet header off.
///
/// In:    Offset at the Ethernet header of an IPv6 frame for us or for a group.
/// Out:   ip6-lookup; ip6-local for link-local and multicast destinations. Offset and L3Offset at the header, L4Offset
///        behind it.
/// Drops: Truncated, BadIp6Header, Martian.
/// </summary>
[NodeName("ip6-input")]
public sealed class Ip6Input(NodeBuilder build) : Node(build)
{
    private readonly Edge _lookup = build.Edge("ip6-lookup");
    private readonly Edge _local = build.Edge("ip6-local");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        PacketSet routed = default;
        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            int at = packet.Offset + EthernetHeader.Size;
            int available = packet.Length - EthernetHeader.Size;
            if (available < Ipv6Header.Size)
            {
                batch.Drop(slot, DropReason.Truncated);
                continue;
            }

            ref Ipv6Header header = ref batch.Header<Ipv6Header>(slot, at);
            int total = Ipv6Header.Size + header.PayloadLength;
            bool isCut = total > available || (total < available && (packet.Flags & PacketFlags.Chained) != 0);
            if (header.Version != 6 || isCut)
            {
                batch.Drop(slot, header.Version != 6 ? DropReason.BadIp6Header : DropReason.Truncated);
                continue;
            }

            if (IsMartian(header))
            {
                batch.Drop(slot, DropReason.Martian);
                continue;
            }

            packet.Offset = (ushort)at;
            packet.Length = (ushort)total;
            packet.L3Offset = (ushort)at;
            packet.L4Offset = (ushort)(at + Ipv6Header.Size);
            if (header.Destination.IsMulticast || header.Destination.IsLinkLocal)
                batch.Send(slot, _local);
            else
                routed.Add(slot);
        }

        if (worker.Tables.Features.HasAny(Arc.Ip6Unicast))
            routed = FeatureChains.Start(worker, batch, routed, Arc.Ip6Unicast);
        batch.SendAll(routed, _lookup);
    }

    /// <summary>Addresses that no packet on a wire may have (RFC 4291 sections 2.5.2, 2.5.3 and 2.7).</summary>
    private static bool IsMartian(in Ipv6Header header)
    {
        ulong source = header.Source.High;
        bool isPlain = source >> 56 is not (0 or 0xFF) && header.Destination.High != 0;
        if (isPlain)
            return false;
        return header.Source.IsMulticast || header.Source.IsLoopback || header.Destination.IsLoopback
            || header.Destination.IsUnspecified
            || (header.Source.IsUnspecified && !header.Destination.IsMulticast);
    }
}
