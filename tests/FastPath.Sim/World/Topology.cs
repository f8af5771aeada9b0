using System;
using System.Collections.Generic;

namespace FastPath.Sim.World;

/// <summary>What an interface of the simulated switch is.</summary>
internal enum InterfaceKind
{
    Device,
    Tunnel,
    BridgeInterface,
}

/// <summary>What a route of the simulated switch says.</summary>
internal enum RouteKind
{
    Connected,
    NextHop,
    Local,
    Blackhole,
    Unreachable,
    Prohibit,
    NotRouted,
}

/// <summary>A port, tunnel or bridge interface in plain numbers: what both the switch and its reference are built from.</summary>
internal sealed record Interface(int Number, InterfaceKind Kind)
{
    /// <summary>Bridge it belongs to; 0 for a routed port.</summary>
    public int Bridge { get; init; }

    public bool IsRouted { get; init; }

    public ulong Mac { get; init; }

    public int Mtu { get; init; } = 1500;

    /// <summary>Own address of each family; 0 for none. All subnets are /24 and /64.</summary>
    public UInt128 Address4 { get; init; }

    public UInt128 Address6 { get; init; }

    /// <summary>Of a tunnel.</summary>
    public uint Vni { get; init; }

    public UInt128 Local { get; init; }

    public UInt128 Remote { get; init; }

    /// <summary>Which of two packet memories a device uses.</summary>
    public int Memory { get; init; }

    /// <summary>EUI-64 link-local address (RFC 4291 appendix A).</summary>
    public UInt128 LinkLocal
    {
        get
        {
            ulong high = (Mac >> 24) ^ 0x02_0000;
            ulong low = Mac & 0xFF_FFFF;
            return new UInt128(0xFE80UL << 48, (high << 40) | (0xFF_FEUL << 24) | low);
        }
    }
}

/// <summary>A route; addresses of both families are 128-bit numbers.</summary>
internal sealed record Route(bool IsV6, UInt128 Prefix, int Length, RouteKind Kind)
{
    public int Port { get; init; }

    public UInt128 NextHop { get; init; }

    public int Mtu { get; init; } = 1500;

    public bool Matches(UInt128 address)
    {
        int free = (IsV6 ? 128 : 32) - Length;
        return free == 128 || address >> free == Prefix >> free;
    }
}

/// <summary>A neighbor that the configuration names.</summary>
internal sealed record StaticNeighbor(int Port, bool IsV6, UInt128 Address, ulong Mac);

/// <summary>One configuration of the simulated switch. Immutable; a change makes another.</summary>
internal sealed record Topology
{
    /// <summary>Numbers of interfaces and bridges stay below these in a whole run; a removed number is not used again.</summary>
    public const int InterfacesMax = 96;

    public const int BridgesMax = 8;

    public required SortedDictionary<int, Interface> Interfaces { get; init; }

    public required List<Route> Routes { get; init; }

    public required List<StaticNeighbor> Neighbors { get; init; }

    public int PuntPort { get; init; }

    public ulong PuntMac { get; init; }

    public int NextNumber { get; init; }

    /// <summary>Members of a bridge, by number.</summary>
    public IEnumerable<Interface> Members(int bridge)
    {
        foreach (Interface member in Interfaces.Values)
            if (member.Bridge == bridge)
                yield return member;
    }

    /// <summary>The longest match; null when nothing matches.</summary>
    public Route? Find(bool isV6, UInt128 address)
    {
        Route? best = null;
        foreach (Route route in Routes)
            if (route.IsV6 == isV6 && route.Matches(address) && (best == null || route.Length > best.Length))
                best = route;
        return best;
    }

    /// <summary>Adds a route unless its prefix has one.</summary>
    public void Add(Route route)
    {
        foreach (Route other in Routes)
            if (other.IsV6 == route.IsV6 && other.Length == route.Length && other.Prefix == route.Prefix)
                return;
        Routes.Add(route);
    }

    /// <summary>Adds an interface with the routes of its addresses.</summary>
    public void Add(Interface added)
    {
        Interfaces.Add(added.Number, added);
        if (added.Address4 != 0)
        {
            Add(new Route(false, added.Address4 >> 8 << 8, 24, RouteKind.Connected) { Port = added.Number, Mtu = added.Mtu });
            Add(new Route(false, added.Address4, 32, RouteKind.Local) { Port = added.Number });
        }

        if (added.Address6 != 0)
        {
            Add(new Route(true, added.Address6 >> 64 << 64, 64, RouteKind.Connected) { Port = added.Number, Mtu = added.Mtu });
            Add(new Route(true, added.Address6, 128, RouteKind.Local) { Port = added.Number });
        }
    }

    public Topology Copy() => this with { Interfaces = new(Interfaces), Routes = [.. Routes], Neighbors = [.. Neighbors] };

    /// <summary>The same without an interface and what depends on it.</summary>
    public Topology Without(int number)
    {
        Topology rest = Copy();
        rest.Interfaces.Remove(number);
        rest.Routes.RemoveAll(route => route.Port == number);
        rest.Neighbors.RemoveAll(neighbor => neighbor.Port == number);
        return number == PuntPort ? rest with { PuntPort = 0 } : rest;
    }
}
