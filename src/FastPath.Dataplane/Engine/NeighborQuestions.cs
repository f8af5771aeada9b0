using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Net;

namespace FastPath.Dataplane.Engine;

/// <summary>Makes ARP requests (RFC 826) and neighbor solicitations (RFC 4861 section 7.2.2).</summary>
[PerWorker]
internal sealed class NeighborQuestions(Worker worker)
{
    private const int ArpFrameBytes = EthernetHeader.Size + ArpPacket.Size;
    private const int SolicitationBytes = NdMessage.Size + NdLinkLayerOption.Size;
    private const int SolicitationFrameBytes = EthernetHeader.Size + Ipv6Header.Size + SolicitationBytes;

    /// <summary>Sends one question; one that finds no frame is asked again a second later.</summary>
    public void Ask(in NeighborKey key)
    {
        ref PortEntry port = ref worker.Tables.Ports[key.Port];
        int length = key.IsV4 ? ArpFrameBytes : SolicitationFrameBytes;
        if (port.Kind == PortKind.None || !worker.TryOriginate(length, out Packet packet))
            return;

        packet.TxPort = key.Port;
        if (key.IsV4)
            WriteArp(packet, port, new Ip4Address((uint)key.Low));
        else
            WriteSolicitation(packet, port, new Ip6Address(key.High, key.Low));

        Edge entry = port.Kind == PortKind.BridgeInterface ? worker.Entries.BviOutput : worker.Entries.PortOutput;
        if (!worker.TryEnqueue(packet, entry))
            worker.DropHeld(packet.Frame, DropReason.PendingFull);
    }

    private void WriteArp(in Packet packet, in PortEntry port, Ip4Address target)
    {
        var bytes = worker.Home.Bytes(packet.Frame, packet.Offset, packet.Length);
        WriteEthernet(bytes, MacAddress.Broadcast, port, EtherType.Arp);
        Wire.Header<ArpPacket>(bytes[EthernetHeader.Size..]) =
            ArpPacket.Of(ArpPacket.Request, port.AskMac, SourceFor(packet.TxPort, port, target), default, target);
    }

    /// <summary>
    /// Our address in the neighbor's network: many stations do not answer a question from another one. The interface's
    /// first address where it has none there.
    /// </summary>
    private Ip4Address SourceFor(ushort number, in PortEntry port, Ip4Address target)
    {
        // The gateway's address with the node's MAC address would lead the neighbor's own traffic here. So this is a
        // probe (RFC 5227 section 2.1.1), which is answered and not learned from (decision 0020).
        if (!port.NodeMac.IsZero)
            return default;
        SwitchTables tables = worker.Tables;
        ref Adjacency way = ref tables.Adjacencies[tables.Fib4.Lookup(target)];
        return way.Kind == AdjacencyKind.Connected && way.Port == number && !way.NextHop4.IsUnspecified
            ? way.NextHop4
            : port.SourceIp4;
    }

    private void WriteSolicitation(in Packet packet, in PortEntry port, Ip6Address target)
    {
        var bytes = worker.Home.Bytes(packet.Frame, packet.Offset, packet.Length);
        Ip6Address group = target.SolicitedNode();
        Ip6Address source = target.IsLinkLocal || port.SourceIp6.IsUnspecified || !port.NodeMac.IsZero
            ? port.AskMac.LinkLocal()
            : port.SourceIp6;
        WriteEthernet(bytes, MacAddress.ForIp6Multicast(group), port, EtherType.Ip6);
        Wire.Header<Ipv6Header>(bytes[EthernetHeader.Size..]) = new Ipv6Header
        {
            VersionClassFlow = 6u << 28,
            PayloadLength = SolicitationBytes,
            NextHeader = IpProtocol.Icmp6,
            HopLimit = 255,
            Source = source,
            Destination = group,
        };
        var body = bytes[(EthernetHeader.Size + Ipv6Header.Size)..];
        Wire.Header<NdMessage>(body) = new NdMessage
        {
            Icmp = new IcmpHeader { Type = Icmp6.NeighborSolicitation },
            Target = target,
        };
        Wire.Header<NdLinkLayerOption>(body[NdMessage.Size..]) = new NdLinkLayerOption
        {
            Type = NdLinkLayerOption.SourceType,
            LengthUnits = 1,
            Address = port.AskMac,
        };
        ushort pseudo = InternetChecksum.PseudoHeader(source, group, IpProtocol.Icmp6, SolicitationBytes);
        Wire.Header<IcmpHeader>(body).Checksum = (ushort)~InternetChecksum.Add(pseudo, InternetChecksum.Sum(body));
    }

    private static void WriteEthernet(System.Span<byte> bytes, MacAddress destination, in PortEntry port,
        EtherType type)
    {
        ref EthernetHeader header = ref Wire.Header<EthernetHeader>(bytes);
        header.Destination = destination;
        header.Source = port.AskMac;
        header.Type = type;
    }
}
