using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Takes frames from a bridge up to its routed interface (bridge virtual interface).
///
/// In:    a frame of a bridge; TxPort is the bridge interface.
/// Out:   arp-input, ip4-input or ip6-input; RxPort is the bridge interface from now on.
/// Drops: UnknownEtherType.
/// </summary>
[NodeName("bvi-input")]
public sealed class BviInput(NodeBuilder build) : Node(build)
{
    private readonly Edge _ip4 = build.Edge("ip4-input");
    private readonly Edge _ip6 = build.Edge("ip6-input");
    private readonly Edge _arp = build.Edge("arp-input");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        PacketSet ip4 = default;
        PacketSet ip6 = default;
        PacketSet others = default;
        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            packet.RxPort = packet.TxPort;
            EtherType type = batch.Header<EthernetHeader>(slot, packet.Offset).Type;
            if (type == EtherType.Ip4)
                ip4.Add(slot);
            else if (type == EtherType.Ip6)
                ip6.Add(slot);
            else
                others.Add(slot);
        }

        batch.SendAll(ip4, _ip4);
        batch.SendAll(ip6, _ip6);
        foreach (int slot in others)
            if (batch.Header<EthernetHeader>(slot, batch[slot].Offset).Type == EtherType.Arp)
                batch.Send(slot, _arp);
            else
                batch.Drop(slot, DropReason.UnknownEtherType);
    }
}
