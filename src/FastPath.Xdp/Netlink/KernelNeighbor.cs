using System;
using System.Net;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp.Netlink;

/// <summary>State of a neighbour entry (NUD_*).</summary>
[Flags]
public enum NeighborStates : ushort
{
    None = NetlinkAbi.NUD_NONE,
    Incomplete = NetlinkAbi.NUD_INCOMPLETE,
    Reachable = NetlinkAbi.NUD_REACHABLE,
    Stale = NetlinkAbi.NUD_STALE,
    Delay = NetlinkAbi.NUD_DELAY,
    Probe = NetlinkAbi.NUD_PROBE,
    Failed = NetlinkAbi.NUD_FAILED,
    NoArp = NetlinkAbi.NUD_NOARP,
    Permanent = NetlinkAbi.NUD_PERMANENT,
}

/// <summary>A neighbour entry of the kernel.</summary>
/// <param name="IfIndex">Device.</param>
/// <param name="Address">The neighbour's IP address.</param>
/// <param name="Mac">Its MAC address, first octet most significant; null when unresolved.</param>
/// <param name="State">What the kernel knows about it.</param>
public sealed record KernelNeighbor(int IfIndex, IPAddress Address, ulong? Mac, NeighborStates State)
{
    private const NeighborStates Valid = NeighborStates.Permanent | NeighborStates.NoArp | NeighborStates.Reachable
        | NeighborStates.Probe | NeighborStates.Stale | NeighborStates.Delay; // NUD_VALID of include/net/neighbour.h

    /// <summary>Whether packets may be sent to <see cref="Mac"/>.</summary>
    public bool IsUsable => Mac != null && (State & Valid) != 0;

    /// <summary>An entry that the kernel neither resolves nor ages.</summary>
    public bool IsStatic => (State & (NeighborStates.Permanent | NeighborStates.NoArp)) != 0;

    internal static KernelNeighbor? Parse(ReadOnlySpan<byte> payload)
    {
        AttributeReader attributes = AttributeReader.Behind(payload, out NdMsg header);
        // Bridges put their forwarding entries and proxies their addresses into the same messages.
        if (Prefixes.BytesOf(header.Family) == 0 || (header.Flags & NetlinkAbi.NTF_PROXY) != 0)
            return null;
        IPAddress? address = null;
        ulong? mac = null;
        while (attributes.MoveNext())
        {
            if (attributes.Type == NetlinkAbi.NDA_DST)
                address = attributes.Address(header.Family);
            else if (attributes.Type == NetlinkAbi.NDA_LLADDR)
                mac = attributes.Mac();
        }

        return address == null ? null : new KernelNeighbor(header.Index, address, mac, (NeighborStates)header.State);
    }
}
