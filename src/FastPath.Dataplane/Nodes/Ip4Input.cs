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
        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            int at = packet.Offset + EthernetHeader.Size;
            int available = packet.Length - EthernetHeader.Size;
            if (available < Ipv4Header.Size)
            {
                batch.Drop(slot, DropReason.Truncated);
                continue;
            }

            ref Ipv4Header header = ref batch.Header<Ipv4Header>(slot, at);
            int total = header.TotalLength;
            bool isPlain = header.VersionAndIhl == Ipv4Header.PlainVersionAndIhl && total <= available
                && total >= Ipv4Header.Size && InternetChecksum.IsValidHeader(ref header);
            DropReason fault = isPlain ? DropReason.Unspecified : CheckSlowly(batch, slot, header, at, available);
            if (fault == DropReason.Unspecified && IsMartian(header))
                fault = DropReason.Martian;
            if (fault != DropReason.Unspecified || !TrySetLength(ref packet, available, total))
            {
                batch.Drop(slot, fault == DropReason.Unspecified ? DropReason.BadIp4Header : fault);
                continue;
            }

            packet.Offset = (ushort)at;
            packet.L3Offset = (ushort)at;
            packet.L4Offset = header.HasTransportHeader ? (ushort)(at + header.HeaderLength) : (ushort)0;
            good.Add(slot);
        }

        if (worker.Tables.Features.HasAny(Arc.Ip4Unicast))
            good = FeatureChains.Start(worker, batch, good, Arc.Ip4Unicast);
        batch.SendAll(good, _lookup);
    }

    /// <summary>Cuts Ethernet padding off. What a packet of several chunks has behind its end cannot be cut: refused.</summary>
    private static bool TrySetLength(ref Packet packet, int available, int total)
    {
        packet.Length = (ushort)total;
        return total == available || (packet.Flags & PacketFlags.Chained) == 0;
    }

    /// <summary>Headers with options, and the reason why a header is refused; Unspecified when it is right.</summary>
    private static DropReason CheckSlowly(Batch batch, int slot, in Ipv4Header header, int at, int available)
    {
        int length = header.HeaderLength;
        if (header.Version != 4 || length < Ipv4Header.Size || header.TotalLength < length)
            return DropReason.BadIp4Header;
        if (header.TotalLength > available)
            return DropReason.Truncated;
        ReadOnlySpan<byte> bytes = batch.Bytes(slot).Slice(at - batch[slot].Offset, length);
        if (InternetChecksum.Compute(bytes) != 0)
            return DropReason.BadIp4Checksum;
        return Ipv4Options.AreAcceptable(bytes[Ipv4Header.Size..]) ? DropReason.Unspecified : DropReason.BadIp4Options;
    }

    /// <summary>Addresses that no packet on a wire may have (RFC 1812 section 5.3.7, RFC 1122 section 3.2.1.3).</summary>
    private static bool IsMartian(in Ipv4Header header)
    {
        uint source = header.Source.Value;
        uint destination = header.Destination.Value;
        // Sources 224.0.0.0 and above are multicast, reserved and broadcast; 0/8 and 127/8 never leave a host.
        return source >= 0xE000_0000 || source >> 24 is 0 or 127 || destination >> 24 is 0 or 127;
    }
}
