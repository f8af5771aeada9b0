using System;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Checks an IPv4 header (RFC 1812 section 5.2.2) and takes the Ethernet header off. A plain packet whose next hop is
/// at hand goes out in the same pass (decision 0019), unless a feature wants to see it on the way.
///
/// In:    Offset at the Ethernet header of an IPv4 frame for us.
/// Out:   port-output or bvi-output with the Ethernet header of the next hop; ip4-local for own addresses; all else to
///        ip4-lookup: Offset and L3Offset at the header, Length its total length, L4Offset at the transport header when
///        the packet has one.
/// Drops: Truncated, BadIp4Header, BadIp4Checksum, BadIp4Options, Martian.
/// </summary>
[NodeName("ip4-input")]
public sealed class Ip4Input(NodeBuilder build) : Node(build)
{
    // What came as a link-layer broadcast may be for us, but is not forwarded: ip4-lookup knows.
    private const PacketFlags NotPlain = PacketFlags.Chained | PacketFlags.Originated | PacketFlags.LinkMulticast;

    private readonly Edge _lookup = build.Edge("ip4-lookup");
    private readonly Edge _local = build.Edge("ip4-local");
    private readonly Edge _output = build.Edge("port-output");
    private readonly Edge _bviOutput = build.Edge("bvi-output");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        Fib4 fib = worker.Tables.Fib4;
        Adjacency[] adjacencies = worker.Tables.Adjacencies;
        RewriteCache rewrites = worker.Rewrites;
        FeatureChains features = worker.Tables.Features;
        bool isDirect = !features.HasAny(Arc.Ip4Unicast) && !features.HasAny(Arc.Ip4Output);
        PacketSet sent = default;
        PacketSet bridged = default;
        PacketSet local = default;
        PacketSet good = default;
        PacketSet others = default;
        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            int at = packet.Offset + EthernetHeader.Size;
            int available = packet.Length - EthernetHeader.Size;
            ref Ipv4Header header = ref batch.Header<Ipv4Header>(slot, at);
            int total = header.TotalLength;
            // What is shorter than a header is read as what lies in the chunk behind it, and then refused.
            if (!header.IsPlain || total > available || total < Ipv4Header.Size
                || !InternetChecksum.IsValidHeader(ref header)
                || header.Source.IsMartianSource || header.Destination.IsMartianDestination
                || (packet.Flags & NotPlain) != 0)
            {
                others.Add(slot);
                continue;
            }

            if (isDirect)
            {
                int adjacency = fib.Lookup(header.Destination);
                ref readonly RewriteEntry way = ref rewrites.At(adjacency, header);
                if (rewrites.CanForward(way, adjacency, header, total))
                {
                    header.DecrementTimeToLive();
                    Batch.WriteEthernet(ref header, way);
                    packet.Length = (ushort)(total + EthernetHeader.Size); // Ethernet padding is cut off
                    packet.TxPort = way.Port;
                    if (way.IsDevice)
                        sent.Add(slot);
                    else
                        bridged.Add(slot);
                    continue;
                }

                if (adjacencies[adjacency].Kind == AdjacencyKind.Local)
                {
                    packet.Adjacency = adjacency;
                    packet.SetNetwork(at, total, at + Ipv4Header.Size);
                    local.Add(slot);
                    continue;
                }
            }

            packet.SetNetwork(at, total, at + Ipv4Header.Size);
            good.Add(slot);
        }

        batch.SendAll(sent, _output);
        batch.SendAll(bridged, _bviOutput);
        batch.SendAll(local, _local);
        foreach (int slot in others)
            if (IsGood(batch, slot))
                good.Add(slot);
        if (features.HasAny(Arc.Ip4Unicast))
            good = FeatureChains.Start(worker, batch, good, Arc.Ip4Unicast);
        batch.SendAll(good, _lookup);
    }

    /// <summary>
    /// The same for every packet that is not plain: options, fragments, several chunks, link-layer groups, and what is
    /// wrong.
    /// </summary>
    private static bool IsGood(Batch batch, int slot)
    {
        ref Packet packet = ref batch[slot];
        int at = packet.Offset + EthernetHeader.Size;
        int available = packet.Length - EthernetHeader.Size;
        ref Ipv4Header header = ref batch.Header<Ipv4Header>(slot, at);
        DropReason fault = available < Ipv4Header.Size
            ? DropReason.Truncated
            : Check(batch, slot, header, at, available);
        if (fault != DropReason.Unspecified)
        {
            batch.Drop(slot, fault);
            return false;
        }

        packet.Offset = (ushort)at;
        packet.Length = header.TotalLength;
        packet.L3Offset = (ushort)at;
        packet.L4Offset = header.HasTransportHeader ? (ushort)(at + header.HeaderLength) : (ushort)0;
        return true;
    }

    /// <summary>Why a header is refused; Unspecified when it is right.</summary>
    private static DropReason Check(Batch batch, int slot, in Ipv4Header header, int at, int available)
    {
        int length = header.HeaderLength;
        if (header.Version != 4 || length < Ipv4Header.Size || header.TotalLength < length)
            return DropReason.BadIp4Header;
        if (header.TotalLength > available)
            return DropReason.Truncated;
        ReadOnlySpan<byte> bytes = batch.Bytes(slot).Slice(at - batch[slot].Offset, length);
        if (InternetChecksum.Compute(bytes) != 0)
            return DropReason.BadIp4Checksum;
        if (!Ipv4Options.AreAcceptable(bytes[Ipv4Header.Size..]))
            return DropReason.BadIp4Options;
        if (header.Source.IsMartianSource || header.Destination.IsMartianDestination)
            return DropReason.Martian;
        // Ethernet padding is cut off; what a packet of several chunks has behind its end cannot be cut.
        bool isPadded = header.TotalLength != available;
        return isPadded && (batch[slot].Flags & PacketFlags.Chained) != 0
            ? DropReason.BadIp4Header
            : DropReason.Unspecified;
    }
}
