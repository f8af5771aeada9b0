using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Notes behind which port of a bridge the source lives (IEEE 802.1Q 8.7) and sends the frame to the port its
/// destination lives behind, or to all. Both in one pass: each would load the same lines, and two look-ups side by side
/// hide each other's latency (decision 0015). What came out of a tunnel enters none again, as in l2-flood: two nodes
/// that each believe a third to have an address would send its frames around for ever.
///
/// In:    a frame of a bridge; RxPort names a port or tunnel of it.
/// Out:   port-output, vxlan-encap or bvi-input by the kind of the target; l2-flood for group and unknown addresses.
/// Drops: SamePort, SplitHorizon, ReservedMulticast, PortDown.
/// </summary>
[NodeName("l2-forward")]
public sealed class L2Forward(NodeBuilder build) : Node(build)
{
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
        FdbTable fdb = worker.Fdb;
        uint second = worker.Second;
        PacketSet local = default;
        PacketSet tunnel = default;
        PacketSet routed = default;
        PacketSet others = default;
        bool isKnown = true;

        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            ref PortEntry port = ref ports[packet.RxPort];
            ref EthernetHeader header = ref batch.Header<EthernetHeader>(slot, packet.Offset);
            ulong destination = header.DestinationBits;
            ulong source = FdbTable.KeyOf(port.Bridge, header.SourceBits);
            if (port.Learns && !(fdb.TryReadNear(source, out ulong known)
                && FdbValue.IsFresh(known, packet.RxPort, second)))
                isKnown = false;

            // A group address is in no table: its look-up ends as that of an unknown one does.
            int target = fdb.TryReadNear(FdbTable.KeyOf(port.Bridge, destination), out ulong found)
                ? FdbValue.Port(found)
                : 0;
            packet.TxPort = (ushort)target;
            PortKind kind = ports[target].Kind; // number 0 is of no kind
            if (kind == PortKind.Device && target != packet.RxPort)
                local.Add(slot);
            else if (kind == PortKind.Tunnel && port.Kind != PortKind.Tunnel)
                tunnel.Add(slot);
            else if (kind == PortKind.BridgeInterface)
                routed.Add(slot);
            else
                others.Add(slot);
        }

        if (!isKnown)
        {
            LearnAndSend(worker, batch, packets);
            return;
        }

        batch.SendAll(local, _output);
        batch.SendAll(tunnel, _encap);
        batch.SendAll(routed, _interface);
        foreach (int slot in others)
            SendElsewhere(worker, batch, slot);
    }

    /// <summary>
    /// A batch with a source that is new, has moved or was not seen in this second: one packet after the other, because
    /// what one teaches the next one must find.
    /// </summary>
    private void LearnAndSend(Worker worker, Batch batch, PacketSet packets)
    {
        foreach (int slot in packets)
        {
            Learn(worker, batch, slot);
            batch[slot].TxPort = 0;
            SendElsewhere(worker, batch, slot);
        }
    }

    private static void Learn(Worker worker, Batch batch, int slot)
    {
        ref Packet packet = ref batch[slot];
        ref PortEntry port = ref worker.Tables.Ports[packet.RxPort];
        ulong source = batch.Header<EthernetHeader>(slot, packet.Offset).SourceBits;
        if (port.Learns)
            worker.Learn(FdbTable.KeyOf(port.Bridge, source), packet.RxPort);
    }

    private void SendElsewhere(Worker worker, Batch batch, int slot)
    {
        ref Packet packet = ref batch[slot];
        ref PortEntry from = ref worker.Tables.Ports[packet.RxPort];
        MacAddress destination = batch.Header<EthernetHeader>(slot, packet.Offset).Destination;
        if (packet.TxPort == 0 && !destination.IsGroup)
            packet.TxPort = (ushort)worker.Fdb.Lookup(FdbTable.KeyOf(from.Bridge, destination.Bits));

        PortKind kind = worker.Tables.Ports[packet.TxPort].Kind;
        if (packet.TxPort == 0)
            Flood(batch, slot, destination.Value);
        else if (packet.TxPort == packet.RxPort)
            batch.Drop(slot, DropReason.SamePort);
        else if (kind == PortKind.BridgeInterface)
            batch.Send(slot, _interface);
        else if (kind == PortKind.Device)
            batch.Send(slot, _output);
        else if (kind == PortKind.Tunnel && from.Kind == PortKind.Tunnel)
            batch.Drop(slot, DropReason.SplitHorizon);
        else if (kind == PortKind.Tunnel)
            batch.Send(slot, _encap);
        else
            batch.Drop(slot, DropReason.PortDown);
    }

    private void Flood(Batch batch, int slot, ulong destination)
    {
        if ((destination & ReservedMask) == ReservedMulticast)
            batch.Drop(slot, DropReason.ReservedMulticast);
        else
            batch.Send(slot, _flood);
    }
}
