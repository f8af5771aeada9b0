using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// First look at a frame: bridged ports go to the bridge, routed ports to the protocol.
///
/// In:    Offset is at an Ethernet header.
/// Out:   l2-learn with the header in place; arp-input, ip4-input or ip6-input with it in place, too.
/// Drops: Truncated, BadSourceMac, PortUnconfigured, NotForUs, UnknownEtherType.
/// </summary>
[NodeName("ethernet-input")]
public sealed class EthernetInput(NodeBuilder build) : Node(build)
{
    private const ulong GroupBit = 1UL << 40;

    private readonly Edge _learn = build.Edge("l2-learn");
    private readonly Edge _ip4 = build.Edge("ip4-input");
    private readonly Edge _ip6 = build.Edge("ip6-input");
    private readonly Edge _arp = build.Edge("arp-input");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        PortEntry[] ports = worker.Tables.Ports;
        PacketSet bridged = default;
        PacketSet ip4 = default;

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
            else if (port.IsRouted && header.Type == EtherType.Ip4 && header.Destination.Value == port.Mac)
                ip4.Add(slot);
            else
                Route(batch, slot, port, header);
        }

        if (worker.Tables.Features.HasAny(Arc.L2Input))
            bridged = FeatureChains.Start(worker, batch, bridged, Arc.L2Input);
        batch.SendAll(bridged, _learn);
        batch.SendAll(ip4, _ip4);
    }

    private void Route(Batch batch, int slot, in PortEntry port, in EthernetHeader header)
    {
        if (!port.IsRouted)
            batch.Drop(slot, DropReason.PortUnconfigured);
        else if ((header.Destination.Value & GroupBit) == 0 && header.Destination.Value != port.Mac)
            batch.Drop(slot, DropReason.NotForUs);
        else if (header.Type == EtherType.Ip4)
            batch.Send(slot, _ip4);
        else if (header.Type == EtherType.Ip6)
            batch.Send(slot, _ip6);
        else if (header.Type == EtherType.Arp)
            batch.Send(slot, _arp);
        else
            batch.Drop(slot, DropReason.UnknownEtherType);
    }
}
