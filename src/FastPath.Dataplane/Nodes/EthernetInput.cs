using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// First look at a frame: bridged ports go to the bridge, routed ports to the protocol.
///
/// In:    Offset is at an Ethernet header.
/// Out:   l2-forward with the header in place; arp-input, ip4-input or ip6-input with it in place, too.
/// Drops: Truncated, BadSourceMac, PortUnconfigured, NotForUs, UnknownEtherType.
/// </summary>
[NodeName("ethernet-input")]
public sealed class EthernetInput(NodeBuilder build) : Node(build)
{
    private readonly Edge _bridge = build.Edge("l2-forward");
    private readonly Edge _ip4 = build.Edge("ip4-input");
    private readonly Edge _ip6 = build.Edge("ip6-input");
    private readonly Edge _arp = build.Edge("arp-input");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        PortEntry[] ports = worker.Tables.Ports;
        PacketSet bridged = default;
        PacketSet ip4 = default;
        PacketSet others = default;

        // Packets of a batch mostly come in by one port or a few.
        int number = batch[packets.Lowest].RxPort;
        ref PortEntry port = ref ports[number];

        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            if (packet.RxPort != number)
            {
                number = packet.RxPort;
                port = ref ports[number];
            }

            ref EthernetHeader header = ref batch.Header<EthernetHeader>(slot, packet.Offset);
            ulong destination = header.DestinationBits;
            packet.Flags |= port.ReceiveFlags;
            if ((destination & EthernetHeader.GroupBit) != 0)
                packet.Flags |= PacketFlags.LinkMulticast;

            // A frame shorter than its header is read as what lies in the chunk behind it, and then refused.
            if (packet.Length < EthernetHeader.Size || (header.SourceBits & EthernetHeader.GroupBit) != 0)
                others.Add(slot);
            else if (port.Bridge != 0)
                bridged.Add(slot);
            else if (header.Type == EtherType.Ip4 && destination == port.MacBits && port.IsRouted)
                ip4.Add(slot);
            else
                others.Add(slot);
        }

        if (worker.Tables.Features.HasAny(Arc.L2Input))
            bridged = FeatureChains.Start(worker, batch, bridged, Arc.L2Input);
        batch.SendAll(bridged, _bridge);
        batch.SendAll(ip4, _ip4);
        foreach (int slot in others)
            Route(batch, slot, ports[batch[slot].RxPort]);
    }

    /// <summary>
    /// A shared uplink's program hands over only what is claimed; an owned MAC address is another than the device's.
    /// </summary>
    private void Route(Batch batch, int slot, in PortEntry port)
    {
        ref EthernetHeader header = ref batch.Header<EthernetHeader>(slot, batch[slot].Offset);
        if (batch[slot].Length < EthernetHeader.Size)
            batch.Drop(slot, DropReason.Truncated);
        else if (header.Source.IsGroup)
            batch.Drop(slot, DropReason.BadSourceMac);
        else if (!port.IsRouted)
            batch.Drop(slot, DropReason.PortUnconfigured);
        else if (!header.Destination.IsGroup && header.DestinationBits != port.MacBits
                && !port.KernelNeighbors)
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
