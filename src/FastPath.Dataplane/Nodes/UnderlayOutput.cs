using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Telemetry;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Sends encapsulated packets toward their remote end point, by a routed port or an uplink. An underlay that runs
/// through a bridge of FastPath is refused: it could lead into the tunnel itself.
///
/// In:    Offset at the outer IPv4 header; Adjacency is the tunnel's.
/// Out:   port-output with a whole frame; arp-resolve when the neighbor is not known.
/// Drops: TooBig, NoRoute, TunnelUnreachable.
/// </summary>
[NodeName("underlay-output")]
public sealed class UnderlayOutput(NodeBuilder build) : Ip4Egress(build)
{
    protected override void SendToBridge(Batch batch, int slot) => batch.Drop(slot, DropReason.TunnelUnreachable);
}
