using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// First look at a frame: bridged ports go to the bridge.
///
/// In:    Offset is at an Ethernet header.
/// Out:   l2-learn with the header in place.
/// Drops: Truncated, BadSourceMac, PortUnconfigured.
/// </summary>
[NodeName("ethernet-input")]
public sealed class EthernetInput(NodeBuilder build) : Node(build)
{
    private const ulong GroupBit = 1UL << 40;

    private readonly Edge _learn = build.Edge("l2-learn");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        PortEntry[] ports = worker.Tables.Ports;
        PacketSet bridged = default;

        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            if (packet.Length < EthernetHeader.Size)
            {
                batch.Drop(slot, DropReason.Truncated);
                continue;
            }

            ref EthernetHeader header = ref batch.Header<EthernetHeader>(slot, packet.Offset);
            if ((header.Source.Value & GroupBit) != 0)
            {
                batch.Drop(slot, DropReason.BadSourceMac);
                continue;
            }

            if ((header.Destination.Value & GroupBit) != 0)
                packet.Flags |= PacketFlags.LinkMulticast;
            ref PortEntry port = ref ports[packet.RxPort];
            if (port.MayBePartial)
                packet.Flags |= PacketFlags.MaybePartialChecksum;

            if (port.Bridge != 0)
                bridged.Add(slot);
            else
                batch.Drop(slot, DropReason.PortUnconfigured);
        }

        batch.SendAll(bridged, _learn);
    }
}
