using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// The last step of IPv4 packets that are not forwarded, so that their TTL stays: MTU and the Ethernet header of the
/// next hop.
/// </summary>
[PerWorker]
public abstract class Ip4Egress(NodeBuilder build) : Node(build)
{
    private readonly Edge _output = build.Edge("port-output");
    private readonly Edge _resolve = build.Edge("arp-resolve");

    /// <summary>What becomes of a frame that leaves by a bridge interface.</summary>
    protected abstract void SendToBridge(Batch batch, int slot);

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

            Batch.Prepend(ref packet, ref batch.Header<Ipv4Header>(slot, packet.Offset), way);
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

        bool isDevice = worker.Tables.Ports[adjacency.Port].Kind == PortKind.Device;
        if (!isDevice && (packet.Flags & PacketFlags.Encapsulated) != 0)
        {
            batch.Drop(slot, DropReason.TunnelUnreachable); // before the neighbor is asked for, or it would wait here
            return false;
        }

        Ip4Address destination = batch.Header<Ipv4Header>(slot, packet.Offset).Destination;
        if (!worker.Rewrites.TryFind(worker, packet.Adjacency, destination, out RewriteEntry way))
        {
            batch.Send(slot, _resolve);
            return false;
        }

        Batch.Prepend(ref packet, ref batch.Header<Ipv4Header>(slot, packet.Offset), way);
        packet.TxPort = way.Port;
        if (way.IsDevice)
            return true;
        SendToBridge(batch, slot);
        return false;
    }
}
