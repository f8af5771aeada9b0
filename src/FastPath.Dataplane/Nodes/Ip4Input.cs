using System;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Checks an IPv4 header (RFC 1812 section 5.2.2) and takes the Ethernet header off.
///
/// In:    Offset at the Ethernet header of an IPv4 frame for us.
/// Out:   ip4-lookup; Offset and L3Offset at the header, Length its total length, L4Offset at the transport header when
///        the packet has one.
/// Drops: Truncated, BadIp4Header, BadIp4Checksum, BadIp4Options, Martian.
/// </summary>
[NodeName("ip4-input")]
public sealed class Ip4Input(NodeBuilder build) : Node(build)
{
    private readonly Edge _lookup = build.Edge("ip4-lookup");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
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
                || (packet.Flags & PacketFlags.Chained) != 0)
            {
                others.Add(slot);
                continue;
            }

            packet.SetNetwork(at, total, at + Ipv4Header.Size); // Ethernet padding is cut off
            good.Add(slot);
        }

        foreach (int slot in others)
            if (IsGood(batch, slot))
                good.Add(slot);
        if (worker.Tables.Features.HasAny(Arc.Ip4Unicast))
            good = FeatureChains.Start(worker, batch, good, Arc.Ip4Unicast);
        batch.SendAll(good, _lookup);
    }

    /// <summary>
    /// The same for every packet that is not plain: options, fragments, several chunks, and what is wrong.
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
