using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Answers ARP for own addresses and learns from ARP (RFC 826).
///
/// In:    an ARP frame on a routed port or bridge interface, Offset at its Ethernet header.
/// Out:   the answer, in the same frame, to port-output or bvi-output.
/// Drops: BadArp, ArpNotForUs.
/// </summary>
[NodeName("arp-input")]
public sealed class ArpInput(NodeBuilder build) : Node(build)
{
    private readonly Edge _output = build.Edge("port-output");
    private readonly Edge _bviOutput = build.Edge("bvi-output");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            if (packet.Length < EthernetHeader.Size + ArpPacket.Size)
            {
                batch.Drop(slot, DropReason.BadArp);
                continue;
            }

            ref ArpPacket arp = ref batch.Header<ArpPacket>(slot, packet.Offset + EthernetHeader.Size);
            if (!arp.IsValid)
                batch.Drop(slot, DropReason.BadArp);
            else
                Handle(worker, batch, slot, ref arp);
        }
    }

    private void Handle(Worker worker, Batch batch, int slot, ref ArpPacket arp)
    {
        ref Packet packet = ref batch[slot];
        bool isOurs = IsOwn(worker.Tables, packet.RxPort, arp.TargetIp)
            || IsAnswerToNode(worker.Tables.Ports[packet.RxPort], arp);
        Learn(worker, packet.RxPort, arp, isOurs);
        if (!isOurs)
            batch.Drop(slot, DropReason.ArpNotForUs);
        else if (arp.Operation != ArpPacket.Request)
            batch.Consume(slot);
        else
            Reply(worker, batch, slot, ref arp);
    }

    private static bool IsOwn(SwitchTables tables, ushort port, Ip4Address address) =>
        tables.IsBy(port, AdjacencyKind.Local, address);

    /// <summary>A node's own question names no address of ours, so neither does its answer (decision 0020).</summary>
    private static bool IsAnswerToNode(in PortEntry port, in ArpPacket arp) =>
        arp.Operation == ArpPacket.Reply && !port.NodeMac.IsZero && arp.TargetMac == port.NodeMac;

    /// <summary>
    /// Believes a station about itself when it speaks to us from a network of this port, when we asked, or when we know
    /// it already (RFC 826, "merge"): a stranger's announcement fills no table.
    /// </summary>
    private static void Learn(Worker worker, ushort port, in ArpPacket arp, bool isOurs)
    {
        if (arp.SenderIp.IsUnspecified || arp.SenderMac.IsZero || IsOwn(worker.Tables, port, arp.SenderIp))
            return; // a probe (RFC 5227), or somebody who claims our address
        NeighborKey key = NeighborKey.Of(port, arp.SenderIp);
        if ((isOurs && worker.Tables.IsBy(port, AdjacencyKind.Connected, arp.SenderIp)) || worker.Resolver.IsAsking(key)
            || worker.Neighbors.TryLookup(key, out _))
            worker.LearnNeighbor(key, arp.SenderMac.Value, NeighborState.Reachable);
    }

    private void Reply(Worker worker, Batch batch, int slot, ref ArpPacket arp)
    {
        ref Packet packet = ref batch[slot];
        ref PortEntry port = ref worker.Tables.Ports[packet.RxPort];
        ref EthernetHeader ethernet = ref batch.Header<EthernetHeader>(slot, packet.Offset);
        ethernet.Destination = arp.SenderMac;
        ethernet.Source = port.MacAddress;
        arp = ArpPacket.Of(ArpPacket.Reply, port.MacAddress, arp.TargetIp, arp.SenderMac, arp.SenderIp);
        packet.TxPort = packet.RxPort;
        packet.Flags |= PacketFlags.Originated;
        batch.Send(slot, port.Kind == PortKind.BridgeInterface ? _bviOutput : _output);
    }
}
