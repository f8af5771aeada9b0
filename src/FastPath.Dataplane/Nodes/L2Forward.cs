using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Sends a bridged frame to the port its destination lives behind, or to all.
///
/// In:    a frame of a bridge, from a port or tunnel.
/// Out:   port-output, vxlan-encap or bvi-input by the kind of the target; l2-flood for group and unknown addresses.
/// Drops: SamePort, ReservedMulticast, PortDown.
/// </summary>
[NodeName("l2-forward")]
public sealed class L2Forward(NodeBuilder build) : Node(build)
{
    private const ulong GroupBit = 1UL << 40;

    // 01:80:c2:00:00:00..0f (IEEE 802.1Q table 8-1): a bridge that does not take part in the protocol must not forward.
    private const ulong ReservedMulticast = 0x0180_C200_0000;
    private const ulong ReservedMask = 0xFFFF_FFFF_FFF0;

    private readonly Edge _output = build.Edge("port-output");
    private readonly Edge _encap = build.Edge("vxlan-encap");
    private readonly Edge _interface = build.Edge("bvi-input");
    private readonly Edge _flood = build.Edge("l2-flood");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        PortEntry[] ports = worker.Tables.Ports;
        PacketSet local = default;
        PacketSet tunnel = default;

        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            ulong destination = batch.Header<EthernetHeader>(slot, packet.Offset).Destination.Value;
            int target = 0;
            if ((destination & GroupBit) == 0)
                target = worker.Fdb.Lookup(FdbTable.Key(ports[packet.RxPort].Bridge, destination));

            if (target == 0)
                Flood(batch, slot, destination);
            else if (target == packet.RxPort)
                batch.Drop(slot, DropReason.SamePort);
            else
            {
                packet.TxPort = (ushort)target;
                switch (ports[target].Kind)
                {
                    case PortKind.Device: local.Add(slot); break;
                    case PortKind.Tunnel: tunnel.Add(slot); break;
                    case PortKind.BridgeInterface: batch.Send(slot, _interface); break;
                    default: batch.Drop(slot, DropReason.PortDown); break;
                }
            }
        }

        batch.SendAll(local, _output);
        batch.SendAll(tunnel, _encap);
    }

    private void Flood(Batch batch, int slot, ulong destination)
    {
        if ((destination & ReservedMask) == ReservedMulticast)
            batch.Drop(slot, DropReason.ReservedMulticast);
        else
            batch.Send(slot, _flood);
    }
}
