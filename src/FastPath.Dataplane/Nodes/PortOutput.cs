using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Stages frames for transmit. A frame whose chunk lies in the port's own UMEM is sent as it is, any other is copied.
///
/// In:    a whole Ethernet frame, TxPort names a device.
/// Out:   the port's transmit queue; the worker lets the port send at the end of its turn or at 32 staged. Or the worker
///        that has a queue of the port.
/// Drops: PortDown, TooBig, TxRingFull, NoFrame, HandoffFull.
/// </summary>
[NodeName("port-output")]
public sealed class PortOutput(NodeBuilder build) : Node(build)
{
    // An 802.1Q tag in band does not count against the MTU, as in the kernel's bridge (is_skb_forwardable).
    private const int LinkOverhead = EthernetHeader.Size + VlanTag.Size;

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        SwitchTables tables = worker.Tables;
        Port?[] devices = worker.Devices;
        PacketSet sent = default;

        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            Port? port = devices[packet.TxPort];
            if (port == null)
                HandOver(worker, batch, slot);
            else if (packet.Length > tables.Ports[packet.TxPort].Mtu + LinkOverhead)
                batch.Drop(slot, DropReason.TooBig);
            else if (!HasRoom(worker, port))
                batch.Drop(slot, DropReason.TxRingFull);
            else if (packet.Frame.Umem != port.Umem.Number && !worker.TryMoveTo(ref packet, port.Umem))
                batch.Drop(slot, DropReason.NoFrame);
            else
            {
                worker.MarkDirty(port);
                port.Queue.Add(packet);
                sent.Add(slot);
            }
        }

        batch.Transmit(sent);
    }

    /// <summary>Gives a packet to the worker that has a transmit queue of the port (DESIGN: fewer queues than workers).</summary>
    private static void HandOver(Worker worker, Batch batch, int slot)
    {
        SwitchTables tables = worker.Tables;
        ref Packet packet = ref batch[slot];
        int sender = tables.Senders[packet.TxPort];
        if (tables.Devices[sender][packet.TxPort] == null)
            batch.Drop(slot, DropReason.PortDown);
        else if (worker.Handoff.TrySend(sender, packet, worker.Entries.PortOutput))
            batch.HandOver(slot);
        else
            batch.Drop(slot, DropReason.HandoffFull);
    }

    private static bool HasRoom(Worker worker, Port port)
    {
        if (port.Queue.Count < Limits.TransmitFlush && port.Room > 0)
            return true;
        port.Flush(worker);
        return port.Room > 0;
    }
}
