namespace FastPath.Xdp.Netlink;

/// <summary>Something changed in the kernel.</summary>
public abstract record RtnetlinkEvent;

/// <summary>A device appeared, or anything about it changed: up, down, carrier, MTU, name, MAC address.</summary>
public sealed record LinkChanged(KernelLink Link) : RtnetlinkEvent;

/// <summary>
/// A device is gone: deleted, or moved to another namespace (<see cref="HasMoved"/>). AF_XDP sockets on it are unbound.
/// </summary>
public sealed record LinkRemoved(KernelLink Link) : RtnetlinkEvent
{
    public bool HasMoved => Link.MovedToNamespaceId != null;
}

/// <summary>An address was added, or its state changed (IPv6: usable after duplicate detection).</summary>
public sealed record AddressChanged(KernelAddress Address) : RtnetlinkEvent;

public sealed record AddressRemoved(KernelAddress Address) : RtnetlinkEvent;

/// <summary>A neighbour was learned, changed its MAC address or state, or failed.</summary>
public sealed record NeighborChanged(KernelNeighbor Neighbor) : RtnetlinkEvent;

public sealed record NeighborRemoved(KernelNeighbor Neighbor) : RtnetlinkEvent;

public sealed record RouteChanged(KernelRoute Route) : RtnetlinkEvent;

public sealed record RouteRemoved(KernelRoute Route) : RtnetlinkEvent;

/// <summary>
/// Events were lost, because the kernel's queue was full or a message could not be read: dump everything again and
/// remove what the dump does not have.
/// </summary>
public sealed record ResyncNeeded(string Reason) : RtnetlinkEvent;
