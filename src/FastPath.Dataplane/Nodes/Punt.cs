using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Hands packets for own addresses that no service of FastPath takes to the host, by a veth whose far end is the
/// host's.
///
/// In:    Offset at the network header.
/// Out:   port-output.
/// Drops: NoLocalService.
/// </summary>
[NodeName("punt")]
public sealed class Punt(NodeBuilder build) : Node(build)
{
    private readonly Edge _output = build.Edge("port-output");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        SwitchTables tables = worker.Tables;
        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            if (tables.PuntPort == 0)
            {
                batch.Drop(slot, DropReason.NoLocalService);
                continue;
            }

            bool isIp4 = batch.Header<byte>(slot, packet.Offset) >> 4 == 4;
            EthernetRewrite.Prepend(batch, slot, tables.PuntMac.Value, tables.Ports[tables.PuntPort].Mac,
                isIp4 ? EtherType.Ip4 : EtherType.Ip6);
            packet.TxPort = tables.PuntPort;
            batch.Send(slot, _output);
        }
    }
}
