using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Sends a frame to every member of its bridge but the one it came from. What came out of a tunnel enters no tunnel
/// again (split horizon, RFC 7348 4.2 with head-end replication).
///
/// In:    a frame of a bridge with a group or unknown destination.
/// Out:   copies enter port-output, vxlan-encap or bvi-input in the worker's next batch; the original is the last one
///        where that is possible.
/// Drops: NoFloodTarget; copies that find no room: NoFrame, PendingFull.
/// </summary>
[NodeName("l2-flood")]
public sealed class L2Flood(NodeBuilder build) : Node(build)
{
    private readonly Edge _output = build.Edge("port-output");
    private readonly Edge _encap = build.Edge("vxlan-encap");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        foreach (int slot in packets)
            Flood(worker, batch, slot);
    }

    private void Flood(Worker worker, Batch batch, int slot)
    {
        ref Packet packet = ref batch[slot];
        PortEntry[] ports = worker.Tables.Ports;
        ref PortEntry from = ref ports[packet.RxPort];
        bool isGroup = (packet.Flags & PacketFlags.LinkMulticast) != 0;

        int last = 0;
        foreach (ushort member in worker.Tables.Bridges[from.Bridge].Members)
        {
            if (member == packet.RxPort || !MayReach(from.Kind, ports[member].Kind, isGroup))
                continue;
            if (last != 0)
                Copy(worker, packet, last, ports[last].Kind);
            last = member;
        }

        if (last == 0)
            batch.Drop(slot, DropReason.NoFloodTarget);
        else
            SendLast(worker, batch, slot, last, ports[last].Kind);
    }

    /// <summary>
    /// No frame goes from tunnel to tunnel (split horizon). The bridge interface hears groups only: its own address is
    /// a static entry, so an unknown one is never it.
    /// </summary>
    private static bool MayReach(PortKind from, PortKind to, bool isGroup) => to switch
    {
        PortKind.Tunnel => from != PortKind.Tunnel,
        PortKind.BridgeInterface => isGroup,
        _ => true,
    };

    /// <summary>
    /// Tunnels and the bridge interface rewrite headers, so they need bytes of their own; ports share the frame.
    /// </summary>
    private void Copy(Worker worker, in Packet packet, int target, PortKind kind) =>
        worker.Clone(packet, (ushort)target, EntryOf(worker, kind), copyBytes: kind != PortKind.Device);

    private void SendLast(Worker worker, Batch batch, int slot, int target, PortKind kind)
    {
        ref Packet packet = ref batch[slot];
        packet.TxPort = (ushort)target;
        // Copies that share the frame may wait for the next batch: who rewrites headers now would change theirs.
        bool isShared = worker.UmemOf(packet.Frame).Entry(packet.Frame).References > 1;
        if (kind == PortKind.Device)
            batch.Send(slot, _output);
        else if (kind == PortKind.Tunnel && !isShared)
            batch.Send(slot, _encap);
        else
        {
            Copy(worker, packet, target, kind);
            batch.Consume(slot);
        }
    }

    private Edge EntryOf(Worker worker, PortKind kind) => kind switch
    {
        PortKind.Tunnel => _encap,
        PortKind.BridgeInterface => worker.Entries.BviInput,
        _ => _output,
    };
}
