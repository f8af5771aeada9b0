using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Stages frames for transmit. A frame whose chunk lies in the port's own UMEM is sent as it is, any other is copied.
///
/// In:    a whole Ethernet frame, TxPort names a device.
/// Out:   the port's transmit queue; the worker lets the port send at the end of its turn or at 64 staged. Or the
///        worker that has a queue of the port.
/// Drops: PortDown, HandoffFull; what a port cannot take is dropped under this node, too (Port.Stage).
/// </summary>
[NodeName("port-output")]
public sealed class PortOutput(NodeBuilder build) : Node(build)
{
    // An 802.1Q tag in band does not count against the MTU, as in the kernel's bridge (is_skb_forwardable).
    private const int LinkOverhead = EthernetHeader.Size + VlanTag.Size;

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        PortEntry[] ports = worker.Tables.Ports;
        // Packets of a batch mostly leave by one port or a few: each is asked once.
        for (PacketSet left = packets; !left.IsEmpty;)
        {
            ushort number = batch[left.Lowest].TxPort;
            PacketSet run = batch.WithTxPort(left, number);
            left -= run;
            if (worker.Devices[number] is { } port)
            {
                worker.MarkDirty(port);
                port.Stage(worker, batch, run, ports[number].Mtu + LinkOverhead);
            }
            else
            {
                foreach (int slot in run)
                    HandOver(worker, batch, slot);
            }
        }
    }

    /// <summary>
    /// Gives a packet to the worker that has a transmit queue of the port (fewer queues than workers).
    /// </summary>
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
}
