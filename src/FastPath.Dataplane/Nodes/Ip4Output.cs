using FastPath.Dataplane.Engine;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Sends IPv4 packets that FastPath made, or that waited for a neighbor.
///
/// In:    Offset at the IPv4 header; Adjacency names a next hop or a connected network.
/// Out:   port-output or bvi-output with a whole frame; arp-resolve when the neighbor is not known.
/// Drops: TooBig, NoRoute, TunnelUnreachable (a tunnel whose route moved to a bridge while its packet waited).
/// </summary>
[NodeName("ip4-output")]
public sealed class Ip4Output(NodeBuilder build) : Ip4Egress(build)
{
    private readonly Edge _bviOutput = build.Edge("bvi-output");

    protected override void SendToBridge(Batch batch, int slot) => batch.Send(slot, _bviOutput);
}
