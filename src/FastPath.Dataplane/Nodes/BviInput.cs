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
        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            packet.RxPort = packet.TxPort;
            switch (batch.Header<EthernetHeader>(slot, packet.Offset).Type)
            {
                case EtherType.Ip4: batch.Send(slot, _ip4); break;
                case EtherType.Ip6: batch.Send(slot, _ip6); break;
                case EtherType.Arp: batch.Send(slot, _arp); break;
                default: batch.Drop(slot, DropReason.UnknownEtherType); break;
            }
        }
    }
}
