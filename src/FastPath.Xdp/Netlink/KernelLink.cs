using System;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp.Netlink;

/// <summary>Operational state of a link (RFC 2863, IF_OPER_*).</summary>
public enum OperationalState : byte
{
    Unknown = 0,
    NotPresent = 1,
    Down = 2,
    LowerLayerDown = 3,
    Testing = 4,
    Dormant = 5,
    Up = 6,
}

/// <summary>A network device as the kernel described it at one moment.</summary>
public sealed record KernelLink
{
    /// <summary>Interface index, 1 or more; unique in its namespace.</summary>
    public required int Index { get; init; }

    public required string Name { get; init; }

    /// <summary>"veth", "vxlan", "bridge", ...; null for hardware and for lo.</summary>
    public string? Kind { get; init; }

    /// <summary>MAC address, 48 bits, first octet most significant; null when the device has none.</summary>
    public ulong? Mac { get; init; }

    /// <summary>Largest network packet, bytes.</summary>
    public int Mtu { get; init; }

    /// <summary>Smallest MTU that can be set, bytes.</summary>
    public int MinMtu { get; init; }

    /// <summary>Largest MTU that can be set, bytes; 0 means no limit.</summary>
    public int MaxMtu { get; init; }

    /// <summary>Administratively up (IFF_UP).</summary>
    public bool IsAdminUp { get; init; }

    public bool HasCarrier { get; init; }

    public OperationalState State { get; init; }

    public int RxQueues { get; init; }

    public int TxQueues { get; init; }

    /// <summary>Index of the bridge or bond it belongs to; 0 when none.</summary>
    public int Master { get; init; }

    /// <summary>
    /// Index of the other end (veth) or of the device below (VLAN, tunnel); 0 when none. When
    /// <see cref="PeerNamespaceId"/> is set, the index counts in that namespace.
    /// </summary>
    public int PeerIndex { get; init; }

    /// <summary>
    /// Id of the namespace of <see cref="PeerIndex"/>, as <c>ip netns list-id</c> shows it; null when this one.
    /// </summary>
    public int? PeerNamespaceId { get; init; }

    /// <summary>
    /// Only when the link left by moving: id of the namespace it went to, negative when there is none.
    /// </summary>
    public int? MovedToNamespaceId { get; init; }

    /// <summary>Ready to carry packets: administratively up, with carrier.</summary>
    public bool IsUp => IsAdminUp && HasCarrier;

    internal static KernelLink Parse(ReadOnlySpan<byte> payload)
    {
        AttributeReader attributes = AttributeReader.Behind(payload, out IfInfoMsg header);
        bool up = (header.Flags & NetlinkAbi.IFF_UP) != 0;
        KernelLink link = new() { Index = header.Index, Name = "", IsAdminUp = up };
        while (attributes.MoveNext())
            link = link.With(attributes);
        return link;
    }

    private KernelLink With(in AttributeReader attribute) => attribute.Type switch
    {
        NetlinkAbi.IFLA_IFNAME => this with { Name = attribute.Text() },
        NetlinkAbi.IFLA_ADDRESS => this with { Mac = attribute.Mac() },
        NetlinkAbi.IFLA_MTU => this with { Mtu = attribute.Count() },
        NetlinkAbi.IFLA_MIN_MTU => this with { MinMtu = attribute.Count() },
        NetlinkAbi.IFLA_MAX_MTU => this with { MaxMtu = attribute.Count() },
        NetlinkAbi.IFLA_LINK => this with { PeerIndex = attribute.Int32() },
        NetlinkAbi.IFLA_LINK_NETNSID => this with { PeerNamespaceId = attribute.Int32() },
        NetlinkAbi.IFLA_MASTER => this with { Master = attribute.Int32() },
        NetlinkAbi.IFLA_OPERSTATE => this with { State = (OperationalState)attribute.Byte() },
        NetlinkAbi.IFLA_CARRIER => this with { HasCarrier = attribute.Byte() != 0 },
        NetlinkAbi.IFLA_NUM_RX_QUEUES => this with { RxQueues = attribute.Count() },
        NetlinkAbi.IFLA_NUM_TX_QUEUES => this with { TxQueues = attribute.Count() },
        NetlinkAbi.IFLA_NEW_NETNSID => this with { MovedToNamespaceId = attribute.Int32() },
        NetlinkAbi.IFLA_LINKINFO => this with { Kind = KindOf(attribute.Nested()) },
        _ => this,
    };

    private static string? KindOf(AttributeReader attributes)
    {
        while (attributes.MoveNext())
            if (attributes.Type == NetlinkAbi.IFLA_INFO_KIND)
                return attributes.Text();
        return null;
    }
}
