using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Puts routed frames into a bridge, as if they had come in by its routed interface.
///
/// In:    a whole frame; TxPort is the bridge interface.
/// Out:   port-output or vxlan-encap when the destination is known; l2-flood when not.
/// Drops: PortDown.
/// </summary>
[NodeName("bvi-output")]
public sealed class BviOutput(NodeBuilder build) : Node(build)
{
    private readonly Edge _output = build.Edge("port-output");
    private readonly Edge _encap = build.Edge("vxlan-encap");
    private readonly Edge _flood = build.Edge("l2-flood");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        PortEntry[] ports = worker.Tables.Ports;
        FdbTable fdb = worker.Fdb;
        PacketSet local = default;
        PacketSet tunnel = default;
        PacketSet others = default;

        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            packet.RxPort = packet.TxPort;
            ulong destination = batch.Header<EthernetHeader>(slot, packet.Offset).DestinationBits;
            packet.Flags = (destination & EthernetHeader.GroupBit) != 0
                ? packet.Flags | PacketFlags.LinkMulticast
                : packet.Flags & ~PacketFlags.LinkMulticast;
            // A group address is in no table: its look-up ends as that of an unknown one does.
            int target = fdb.TryReadNear(FdbTable.KeyOf(ports[packet.RxPort].Bridge, destination), out ulong found)
                ? FdbValue.Port(found)
                : 0;
            packet.TxPort = (ushort)target;
            PortKind kind = ports[target].Kind; // number 0 is of no kind
            if (kind == PortKind.Device)
                local.Add(slot);
            else if (kind == PortKind.Tunnel)
                tunnel.Add(slot);
            else
                others.Add(slot);
        }

        batch.SendAll(local, _output);
        batch.SendAll(tunnel, _encap);
        foreach (int slot in others)
            SendElsewhere(worker, batch, slot);
    }

    /// <summary>Groups, unknown addresses, and those that are not near in the table.</summary>
    private void SendElsewhere(Worker worker, Batch batch, int slot)
    {
        ref Packet packet = ref batch[slot];
        PortEntry[] ports = worker.Tables.Ports;
        MacAddress destination = batch.Header<EthernetHeader>(slot, packet.Offset).Destination;
        if (packet.TxPort == 0 && !destination.IsGroup)
            packet.TxPort = (ushort)worker.Fdb.Lookup(FdbTable.KeyOf(ports[packet.RxPort].Bridge, destination.Bits));
        PortKind kind = ports[packet.TxPort].Kind;
        if (packet.TxPort == 0)
            batch.Send(slot, _flood);
        else if (kind == PortKind.Device)
            batch.Send(slot, _output);
        else if (kind == PortKind.Tunnel)
            batch.Send(slot, _encap);
        else
            batch.Drop(slot, DropReason.PortDown);
    }
}
