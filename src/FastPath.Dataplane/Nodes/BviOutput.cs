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
        PacketSet local = default;

        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            packet.RxPort = packet.TxPort;
            MacAddress destination = batch.Header<EthernetHeader>(slot, packet.Offset).Destination;
            packet.Flags = destination.IsGroup
                ? packet.Flags | PacketFlags.LinkMulticast
                : packet.Flags & ~PacketFlags.LinkMulticast;
            int target = destination.IsGroup
                ? 0
                : worker.Fdb.Lookup(FdbTable.KeyOf(ports[packet.RxPort].Bridge, destination.Bits));
            packet.TxPort = (ushort)target;
            switch (ports[target].Kind)
            {
                case PortKind.Device: local.Add(slot); break;
                case PortKind.Tunnel: batch.Send(slot, _encap); break;
                case PortKind.None when target == 0: batch.Send(slot, _flood); break;
                default: batch.Drop(slot, DropReason.PortDown); break;
            }
        }

        batch.SendAll(local, _output);
    }
}
