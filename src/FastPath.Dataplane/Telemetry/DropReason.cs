using System;

namespace FastPath.Dataplane.Telemetry;

/// <summary>Says what a drop reason means, in a sentence that tells what to do.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class ReasonAttribute(Severity severity, string sentence, string source = "") : Attribute
{
    public Severity Severity { get; } = severity;

    public string Sentence { get; } = sentence;

    /// <summary>RFC and section, where one decides.</summary>
    public string Source { get; } = source;
}

/// <summary>
/// Why a packet was not forwarded. REST, metrics, CLI and docs/DROPS.md derive from this list; each member has a test
/// that produces it.
/// </summary>
public enum DropReason : byte
{
    [Reason(Severity.Bug, "Dropped without a reason: report this with the output of fastpath drops.")]
    Unspecified = 0,

    [Reason(Severity.Load, "The transmit ring of the output port was full: its receiver is too slow.")]
    TxRingFull = 1,

    [Reason(Severity.Load, "No free chunk for a copy or an own packet: raise the UMEM's size or lower the load.")]
    NoFrame = 2,

    [Reason(Severity.Load, "Too many copies and own packets in one batch.")]
    PendingFull = 3,

    [Reason(Severity.Normal, "The output port is down or gone.")]
    PortDown = 4,

    [Reason(Severity.Packet, "Longer than the MTU of the output port and not to be fragmented or answered.")]
    TooBig = 5,

    [Reason(Severity.Packet, "Went back in the graph too often: tunnels in tunnels or an error about an error.")]
    TooDeep = 6,

    [Reason(Severity.Load, "The ring to the worker that has the port's transmit queue was full.")]
    HandoffFull = 7,

    [Reason(Severity.Packet, "Shorter than its own headers say.")]
    Truncated = 10,

    [Reason(Severity.Config, "The destination MAC address is not this routed port's.")]
    NotForUs = 11,

    [Reason(Severity.Config, "No protocol of this port handles the EtherType.")]
    UnknownEtherType = 12,

    [Reason(Severity.Packet, "The source MAC address is a group address.", "IEEE 802.1Q 8.8")]
    BadSourceMac = 13,

    [Reason(Severity.Normal, "The destination is on the port it came from.", "IEEE 802.1Q 8.6.1")]
    SamePort = 14,

    [Reason(Severity.Normal, "Reserved link-local group address (STP, LACP, LLDP): never forwarded.",
        "IEEE 802.1Q 8.6.3")]
    ReservedMulticast = 15,

    [Reason(Severity.Config, "The bridge has no other port to flood to.")]
    NoFloodTarget = 16,

    [Reason(Severity.Config, "The port belongs to no bridge and has no address.")]
    PortUnconfigured = 17,

    [Reason(Severity.Normal,
        "Came out of a tunnel and would enter one again: its sender reaches every end point itself.",
        "RFC 7348 4.2, RFC 4762 4.4")]
    SplitHorizon = 18,

    [Reason(Severity.Packet, "Not a valid ARP packet for Ethernet and IPv4.", "RFC 826")]
    BadArp = 20,

    [Reason(Severity.Normal, "ARP for an address that is not ours.")]
    ArpNotForUs = 21,

    [Reason(Severity.Packet, "Not a valid neighbor discovery message.", "RFC 4861 6.1, 7.1")]
    BadNeighborDiscovery = 22,

    [Reason(Severity.Normal, "Neighbor discovery for an address that is not ours.")]
    NeighborNotForUs = 23,

    [Reason(Severity.Normal, "The neighbor did not answer in time.", "RFC 1122 2.3.2.2")]
    NeighborUnresolved = 24,

    [Reason(Severity.Load, "Too many packets wait for neighbors to answer.")]
    NeighborQueueFull = 25,

    [Reason(Severity.Packet, "IPv4 version, header length or total length is wrong.", "RFC 1812 5.2.2")]
    BadIp4Header = 30,

    [Reason(Severity.Packet, "IPv4 header checksum is wrong.", "RFC 1812 5.2.2")]
    BadIp4Checksum = 31,

    [Reason(Severity.Normal, "TTL or hop limit reached zero in transit.", "RFC 1812 5.3.1, RFC 8200 3")]
    TtlExpired = 32,

    [Reason(Severity.Config, "No route to the destination.")]
    NoRoute = 33,

    [Reason(Severity.Config, "The route says blackhole.")]
    Blackhole = 34,

    [Reason(Severity.Packet, "An address that must not be on the wire as source or destination.", "RFC 1812 5.3.7")]
    Martian = 35,

    [Reason(Severity.Packet, "IPv6 version or payload length is wrong.", "RFC 8200 3")]
    BadIp6Header = 36,

    [Reason(Severity.Packet, "IPv6 extension headers are malformed, out of order or too many.", "RFC 8200 4")]
    BadExtensionHeader = 37,

    [Reason(Severity.Config, "No service of FastPath takes it and there is no punt port to the host.")]
    NoLocalService = 38,

    [Reason(Severity.Normal, "Multicast or broadcast is not routed, of the network or of the link.",
        "RFC 1812 5.3.4, 5.3.5")]
    NotRouted = 39,

    [Reason(Severity.Packet, "ICMP checksum or length is wrong.", "RFC 792")]
    BadIcmp = 40,

    [Reason(Severity.Config, "The route says unreachable or prohibited.")]
    Prohibited = 43,

    [Reason(Severity.Packet, "IPv4 options are malformed or ask for source routing.", "RFC 7126 4.3")]
    BadIp4Options = 44,

    [Reason(Severity.Packet, "VXLAN header without the I flag.", "RFC 7348 5")]
    BadVxlan = 50,

    [Reason(Severity.Config, "No bridge has this VNI on the local tunnel end point.", "RFC 7348 4.1")]
    UnknownVni = 51,

    [Reason(Severity.Config, "The sending tunnel end point is not configured for this bridge.", "RFC 7348 7")]
    UnknownVtep = 52,

    [Reason(Severity.Packet, "The UDP checksum of a VXLAN packet is wrong.", "RFC 7348 5")]
    BadUdpChecksum = 54,

    [Reason(Severity.Packet,
        "It came by a port that does not lead to its tunnel's remote end point: a container may have sent it.",
        "RFC 7348 7")]
    NotUnderlay = 56,

    [Reason(Severity.Load, "The underlay has marked congestion on a tunnel packet whose inner sender knows no marks.",
        "RFC 6040 4.2")]
    Congested = 55,

    [Reason(Severity.Config, "The tunnel has no route to its remote end point.")]
    TunnelUnreachable = 53,
}
