using System;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>
/// Answers neighbor solicitations for own addresses and learns from solicitations and advertisements (RFC 4861
/// sections 7.1 and 7.2).
///
/// In:    L4Offset at an ICMPv6 neighbor solicitation or advertisement.
/// Out:   the advertisement, in the same frame, to port-output or bvi-output.
/// Drops: BadNeighborDiscovery, NeighborNotForUs.
/// </summary>
[NodeName("nd-input")]
public sealed class NdInput(NodeBuilder build) : Node(build)
{
    private const int ReplyBytes = NdMessage.Size + NdLinkLayerOption.Size;

    private readonly Edge _output = build.Edge("port-output");
    private readonly Edge _bviOutput = build.Edge("bvi-output");

    public override void Process(Worker worker, Batch batch, PacketSet packets)
    {
        foreach (int slot in packets)
        {
            ref Packet packet = ref batch[slot];
            if (!IsValid(worker, batch, slot))
            {
                batch.Drop(slot, DropReason.BadNeighborDiscovery);
                continue;
            }

            ref NdMessage message = ref batch.Header<NdMessage>(slot, packet.L4Offset);
            if (message.Icmp.Type == Icmp6.NeighborAdvertisement)
                Advertised(worker, batch, slot, message);
            else
                Solicited(worker, batch, slot, message);
        }
    }

    /// <summary>The checks of RFC 4861 sections 7.1.1 and 7.1.2 that do not depend on options.</summary>
    private static bool IsValid(Worker worker, Batch batch, int slot)
    {
        ref Packet packet = ref batch[slot];
        int length = packet.Length - (packet.L4Offset - packet.L3Offset);
        if (length < NdMessage.Size || (packet.Flags & PacketFlags.Chained) != 0)
            return false;
        ref Ipv6Header ip = ref batch.Header<Ipv6Header>(slot, packet.L3Offset);
        ref NdMessage message = ref batch.Header<NdMessage>(slot, packet.L4Offset);
        ushort pseudo = InternetChecksum.PseudoHeader(ip.Source, ip.Destination, IpProtocol.Icmp6, length);
        return ip.HopLimit == 255 && message.Icmp.Code == 0 && !message.Target.IsMulticast
            && PacketChecksum.IsValid(worker.UmemOf(packet.Frame), packet, pseudo);
    }

    private static Span<byte> OptionsOf(Batch batch, int slot)
    {
        ref Packet packet = ref batch[slot];
        return batch.Bytes(slot)[(packet.L4Offset - packet.Offset + NdMessage.Size)..];
    }

    private static bool IsOwn(SwitchTables tables, ushort port, Ip6Address address) => address.IsLinkLocal
        ? tables.Ports[port].HasLinkLocal(address)
        : tables.IsBy(port, AdjacencyKind.Local, address);

    /// <summary>Whether a sender can be a neighbor: strangers are answered, but fill no table.</summary>
    private static bool IsOnLink(SwitchTables tables, ushort port, Ip6Address address) =>
        address.IsLinkLocal || tables.IsBy(port, AdjacencyKind.Connected, address);

    private static void Advertised(Worker worker, Batch batch, int slot, in NdMessage message)
    {
        ushort port = batch[slot].RxPort;
        NdOptions.TryFindLinkLayer(OptionsOf(batch, slot), NdLinkLayerOption.TargetType, out MacAddress mac,
            out bool valid);
        NeighborKey key = NeighborKey.Of(port, message.Target);
        bool isAnswer = (message.Icmp.Rest & NdMessage.SolicitedFlag) != 0;
        // An advertisement to a group is no answer (RFC 4861 section 7.1.2).
        bool isStray = isAnswer && batch.Header<Ipv6Header>(slot, batch[slot].L3Offset).Destination.IsMulticast;
        // Another worker may have asked: an answer to us from a station of this link is believed, as with ARP.
        bool isExpected = (isAnswer && IsOnLink(worker.Tables, port, message.Target)) || worker.Resolver.IsAsking(key)
            || worker.Neighbors.TryLookup(key, out _);
        if (!valid || isStray)
            batch.Drop(slot, DropReason.BadNeighborDiscovery);
        else if (IsOwn(worker.Tables, port, message.Target) || !isExpected)
            batch.Drop(slot, DropReason.NeighborNotForUs);
        else
        {
            // Without the override flag an answer does not replace what is known (RFC 4861 section 7.2.5).
            bool mayReplace = (message.Icmp.Rest & NdMessage.OverrideFlag) != 0
                || !worker.Neighbors.TryLookup(key, out ulong known) || known == mac.Value;
            if (!mac.IsZero && !mac.IsGroup && mayReplace)
                worker.LearnNeighbor(key, mac.Value, NeighborState.Reachable);
            batch.Consume(slot);
        }
    }

    private void Solicited(Worker worker, Batch batch, int slot, in NdMessage message)
    {
        ref Packet packet = ref batch[slot];
        ref Ipv6Header ip = ref batch.Header<Ipv6Header>(slot, packet.L3Offset);
        Ip6Address source = ip.Source;
        bool isStrayProbe = source.IsUnspecified && ip.Destination != message.Target.SolicitedNode(); // RFC 4861 7.1.1
        bool found = NdOptions.TryFindLinkLayer(OptionsOf(batch, slot), NdLinkLayerOption.SourceType,
            out MacAddress mac,
            out bool valid);
        if (!valid || (source.IsUnspecified && found) || isStrayProbe || mac.IsGroup)
        {
            batch.Drop(slot, DropReason.BadNeighborDiscovery);
            return;
        }

        if (!IsOwn(worker.Tables, packet.RxPort, message.Target))
        {
            batch.Drop(slot, DropReason.NeighborNotForUs);
            return;
        }

        bool isNeighbor = IsOnLink(worker.Tables, packet.RxPort, source)
            && !IsOwn(worker.Tables, packet.RxPort, source);
        if (found && !mac.IsZero && isNeighbor)
            worker.LearnNeighbor(NeighborKey.Of(packet.RxPort, source), mac.Value, NeighborState.Reachable);
        Reply(worker, batch, slot, message.Target, source, found ? mac : default);
    }

    private void Reply(Worker worker, Batch batch, int slot, Ip6Address target, Ip6Address source, MacAddress mac)
    {
        ref Packet packet = ref batch[slot];
        ref PortEntry port = ref worker.Tables.Ports[packet.RxPort];
        bool isProbe = source.IsUnspecified; // duplicate address detection: everybody shall hear the answer
        Ip6Address to = isProbe ? new Ip6Address(0xFF02UL << 48, 1) : source;
        if (isProbe)
            mac = MacAddress.ForIp6Multicast(to);
        else if (mac.IsZero)
            mac = batch.Header<EthernetHeader>(slot, packet.L3Offset - EthernetHeader.Size).Source;

        // The answer is shorter than any question with its headers, so it fits into the same frame.
        packet.Length = Ipv6Header.Size + ReplyBytes;
        Span<byte> bytes = worker.UmemOf(packet.Frame).Bytes(packet.Frame, packet.L3Offset, packet.Length);
        OwnPacket.WriteHeader(bytes, target, to, IpProtocol.Icmp6, hopLimit: 255);
        MacAddress own = target == port.AskMac.LinkLocal() ? port.AskMac : port.MacAddress;
        WriteAdvertisement(bytes, target, to, own, isProbe);
        EthernetRewrite.Prepend(batch, slot, mac.Value, own.Value, EtherType.Ip6);
        packet.TxPort = packet.RxPort;
        packet.Flags = PacketFlags.Originated;
        batch.Send(slot, port.Kind == PortKind.BridgeInterface ? _bviOutput : _output);
    }

    private static void WriteAdvertisement(Span<byte> packet, Ip6Address target, Ip6Address to, MacAddress own,
        bool isProbe)
    {
        Span<byte> body = packet[Ipv6Header.Size..];
        Wire.Header<NdMessage>(body) = new NdMessage
        {
            Icmp = new IcmpHeader
            {
                Type = Icmp6.NeighborAdvertisement,
                Rest = NdMessage.RouterFlag | NdMessage.OverrideFlag | (isProbe ? 0 : NdMessage.SolicitedFlag),
            },
            Target = target,
        };
        Wire.Header<NdLinkLayerOption>(body[NdMessage.Size..]) = new NdLinkLayerOption
        {
            Type = NdLinkLayerOption.TargetType,
            LengthUnits = 1,
            Address = own,
        };
        ushort pseudo = InternetChecksum.PseudoHeader(target, to, IpProtocol.Icmp6, body.Length);
        Wire.Header<IcmpHeader>(body).Checksum = (ushort)~InternetChecksum.Add(pseudo, InternetChecksum.Sum(body));
    }
}
