using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Sends a frame to every member of its bridge but the one it came from. What came out of a tunnel enters no tunnel
/// again (split horizon, RFC 7348 4.2 with head-end replication).
///
/// In:    a frame of a bridge with a group or unknown destination.
/// Out:   copies enter port-output, vxlan-encap or bvi-input in the worker's next batch; the original is the last copy.
/// Drops: NoFloodTarget; copies that find no room: NoFrame, PendingFull.
/// </summary>
[NodeName("l2-flood")]
public sealed class L2Flood(NodeBuilder build) : Node(build)
{
    private readonly Edge _output = build.Edge("port-output");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        foreach (int slot in packets)
            Flood(worker, batch, slot);
    }

    private void Flood(Worker worker, Batch batch, int slot)
    {
        ref Packet packet = ref batch[slot];
        PortEntry[] ports = worker.Tables.Ports;
        ushort[] members = worker.Tables.Bridges[ports[packet.RxPort].Bridge].Members;
        bool fromTunnel = ports[packet.RxPort].Kind == PortKind.Tunnel;

        int last = 0;
        foreach (ushort member in members)
        {
            if (member == packet.RxPort || (fromTunnel && ports[member].Kind == PortKind.Tunnel))
                continue;
            if (last != 0)
                Copy(worker, batch, slot, last);
            last = member;
        }

        if (last == 0)
        {
            batch.Drop(slot, DropReason.NoFloodTarget);
            return;
        }

        packet.TxPort = (ushort)last;
        batch.Send(slot, _output);
    }

    private void Copy(Worker worker, Batch batch, int slot, int target)
    {
        PortKind kind = worker.Tables.Ports[target].Kind;
        // Tunnels and the bridge interface rewrite headers, so they need bytes of their own; local ports share the frame.
        bool rewrites = kind != PortKind.Device;
        worker.Clone(batch[slot], (ushort)target, _output, rewrites);
    }
}
