using FastPath.Net;

namespace FastPath.Dataplane.Tables;

/// <summary>A neighbor: an address on a routed port or bridge interface.</summary>
[Shared]
public readonly record struct NeighborKey(ushort Port, bool IsV4, ulong High, ulong Low)
{
    public static NeighborKey Of(ushort port, Ip4Address address) => new(port, true, 0, address.Value);

    public static NeighborKey Of(ushort port, Ip6Address address) => new(port, false, address.High, address.Low);

    public IpAddress Address =>
        IsV4 ? new IpAddress(new Ip4Address((uint)Low)) : new IpAddress(new Ip6Address(High, Low));

    /// <summary>Port and family in one word; never 0.</summary>
    internal uint Tag => Port | (IsV4 ? 1u << 16 : 1u << 17);

    public override string ToString() => Address.ToString();
}
