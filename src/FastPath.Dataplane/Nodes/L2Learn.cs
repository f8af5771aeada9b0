using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Notes behind which port of a bridge a MAC address lives (IEEE 802.1Q 8.7).
///
/// In:    a bridged frame; RxPort names a port, tunnel or bridge interface of the bridge.
/// Out:   l2-forward.
/// Drops: none.
/// </summary>
[NodeName("l2-learn")]
public sealed class L2Learn(NodeBuilder build) : Node(build)
{
    private readonly Edge _forward = build.Edge("l2-forward");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        PortEntry[] ports = worker.Tables.Ports;

        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            ref PortEntry port = ref ports[packet.RxPort];
            if (!port.Learns)
                continue;
            ref EthernetHeader header = ref batch.Header<EthernetHeader>(slot, packet.Offset);
            worker.Learn(FdbTable.Key(port.Bridge, header.Source.Value), packet.RxPort);
        }

        batch.SendAll(packets, _forward);
    }
}
