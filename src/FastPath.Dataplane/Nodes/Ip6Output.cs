using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Sends IPv6 packets that are not forwarded, so that their hop limit stays: made here or released from the
/// wait for a neighbor.
///
/// In:    Offset at the IPv6 header; Adjacency names a next hop or a connected network.
/// Out:   port-output or bvi-output with a whole frame; nd-resolve when the neighbor is not known.
/// Drops: TooBig, NoRoute.
/// </summary>
[NodeName("ip6-output")]
public sealed class Ip6Output(NodeBuilder build) : Node(build)
{
    private readonly Edge _output = build.Edge("port-output");
    private readonly Edge _bviOutput = build.Edge("bvi-output");
    private readonly Edge _resolve = build.Edge("nd-resolve");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        RewriteCache rewrites = worker.Rewrites;
        PacketSet sent = default;
        PacketSet others = default;

        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            ref readonly RewriteEntry way = ref rewrites.At(packet.Adjacency);
            if (!rewrites.Holds(way, packet.Adjacency) || packet.Length > way.Mtu || !way.IsDevice)
            {
                others.Add(slot);
                continue;
            }

            Batch.Prepend(ref packet, ref batch.Header<Ipv6Header>(slot, packet.Offset), way);
            packet.TxPort = way.Port;
            sent.Add(slot);
        }

        foreach (int slot in others)
            if (IsSent(worker, batch, slot))
                sent.Add(slot);
        batch.SendAll(sent, _output);
    }

    /// <summary>
    /// The same for packets whose next hop is not at hand, that are too long, or that leave by a bridge. True when the
    /// packet leaves by a device.
    /// </summary>
    private bool IsSent(Worker worker, Batch batch, int slot)
    {
        ref Packet packet = ref batch[slot];
        ref Adjacency adjacency = ref worker.Tables.Adjacencies[packet.Adjacency];
        if (adjacency.Kind is not (AdjacencyKind.NextHop or AdjacencyKind.Connected))
        {
            batch.Drop(slot, DropReason.NoRoute);
            return false;
        }

        if (packet.Length > adjacency.Mtu)
        {
            batch.Drop(slot, DropReason.TooBig);
            return false;
        }

        Ip6Address destination = batch.Header<Ipv6Header>(slot, packet.Offset).Destination;
        if (!worker.Rewrites.TryFind(worker, packet.Adjacency, destination, out RewriteEntry way))
        {
            batch.Send(slot, _resolve);
            return false;
        }

        Batch.Prepend(ref packet, ref batch.Header<Ipv6Header>(slot, packet.Offset), way);
        packet.TxPort = way.Port;
        if (way.IsDevice)
            return true;
        batch.Send(slot, _bviOutput);
        return false;
    }
}
