using System;
using FastPath.Dataplane.Ports;

namespace FastPath.Sim.World;

/// <summary>Makes random but valid configurations: bridges, routed ports, bridge interfaces, tunnels, routes of all kinds.</summary>
internal sealed class TopologyGenerator(SeededRandom random)
{
    private static readonly int[] s_mtus = [1280, 1400, 1500, 1500, 1600, 9000];

    private Topology _topology = new() { Interfaces = [], Routes = [], Neighbors = [] };
    private int _next = 1;

    /// <summary>Own address of interface n is 10.n.0.1 and fd00:n::1; its hosts are 10.n.0.10 and so on.</summary>
    public static UInt128 Own4(int number) => ((UInt128)10 << 24) | ((uint)number << 16) | 1;

    public static UInt128 Own6(int number) => new((0xFD00UL << 48) | ((ulong)number << 32), 1);

    public static ulong MacOf(int number) => 0x02_0000_0000_00UL | ((ulong)number << 16) | 1;

    public Topology Generate()
    {
        int bridges = 1 + random.Below(3);
        for (int bridge = 1; bridge <= bridges; bridge++)
            AddBridge(bridge);
        int uplink = AddRoutedPort();
        for (int n = random.Below(3); n >= 0; n--)
            AddRoutedPort();
        for (int bridge = 1; bridge <= bridges; bridge++)
            for (int n = random.Below(3); n > 0; n--)
                AddTunnel(bridge, uplink);
        AddRoutes();
        if (random.Permille(500))
        {
            int punt = AddRoutedPort();
            _topology = _topology with { PuntPort = punt, PuntMac = 0x02_0000_00FF_01UL };
        }

        return _topology with { NextNumber = _next };
    }

    /// <summary>One random change; null when the one that was drawn is not possible.</summary>
    public Topology? Change(Topology from)
    {
        _topology = from.Copy();
        _next = from.NextNumber;
        if (_next >= Topology.InterfacesMax - 4)
            return null;
        switch (random.Below(7))
        {
            case 0 or 1: return Remove();
            case 2:
                _topology.Add(BridgePort(1 + random.Below(3)));
                break;
            case 3:
                AddRoutedPort();
                break;
            case 4:
                if (!TryChangeMtu())
                    return null;
                break;
            case 5:
                if (_topology.Routes.Count != 0)
                    RemoveRoute();
                break;
            default:
                AddRoutes();
                break;
        }

        return _topology with { NextNumber = _next };
    }

    private Topology? Remove()
    {
        Interface? gone = Any(_ => true);
        return gone == null || _topology.Interfaces.Count < 4 ? null : _topology.Without(gone.Number) with { NextNumber = _next };
    }

    private bool TryChangeMtu()
    {
        Interface? changed = Any(i => i.Kind == InterfaceKind.Device);
        if (changed == null)
            return false;
        int mtu = s_mtus[random.Below(s_mtus.Length)];
        _topology.Interfaces[changed.Number] = changed with { Mtu = mtu };
        for (int n = 0; n < _topology.Routes.Count; n++)
            if (_topology.Routes[n].Port == changed.Number)
                _topology.Routes[n] = _topology.Routes[n] with { Mtu = mtu };
        return true;
    }

    private void RemoveRoute()
    {
        Route route = _topology.Routes[random.Below(_topology.Routes.Count)];
        if (route.Kind is not (RouteKind.Connected or RouteKind.Local))
            _topology.Routes.Remove(route);
    }

    private void AddBridge(int bridge)
    {
        for (int n = 1 + random.Below(4); n > 0; n--)
            _topology.Add(BridgePort(bridge));
        if (!random.Permille(700))
            return;
        int number = _next++;
        _topology.Add(new Interface(number, InterfaceKind.BridgeInterface)
        {
            Bridge = bridge,
            IsRouted = true,
            Mac = MacOf(number),
            Mtu = Mtu(),
            Address4 = Own4(number),
            Address6 = random.Permille(800) ? Own6(number) : 0,
        });
    }

    private Interface BridgePort(int bridge) =>
        new(_next++, InterfaceKind.Device) { Bridge = bridge, Mtu = Mtu(), Memory = random.Below(2) };

    private int AddRoutedPort()
    {
        int number = _next++;
        _topology.Add(new Interface(number, InterfaceKind.Device)
        {
            IsRouted = true,
            Mac = MacOf(number),
            Mtu = Mtu(),
            Address4 = random.Permille(950) ? Own4(number) : 0,
            Address6 = random.Permille(800) ? Own6(number) : 0,
            Memory = random.Below(2),
        });
        return number;
    }

    private void AddTunnel(int bridge, int uplink)
    {
        int number = _next++;
        // Most run over the uplink; some behind a gateway, some over a bridge, which the switch refuses, some to nowhere.
        UInt128 remote = random.Below(6) switch
        {
            0 => (((UInt128)20 << 24) | ((uint)random.Below(8) << 16)) + 7,
            1 => Own4(1 + random.Below(_next)) + (uint)(20 + random.Below(4)),
            _ => Own4(uplink) + (uint)(20 + number),
        };
        UInt128 local = Own4(uplink);
        foreach (Interface other in _topology.Interfaces.Values)
            if (other.Kind == InterfaceKind.Tunnel && other.Vni == (uint)(100 + bridge) && other.Remote == remote)
                return;
        _topology.Add(new Interface(number, InterfaceKind.Tunnel)
        {
            Bridge = bridge,
            Vni = (uint)(100 + bridge),
            Local = local,
            Remote = remote,
        });
    }

    private void AddRoutes()
    {
        foreach (bool isV6 in (bool[])[false, true])
        {
            int width = isV6 ? 128 : 32;
            _topology.Add(new Route(isV6, isV6 ? (UInt128)0xFF << 120 : (UInt128)0xE << 28, isV6 ? 8 : 4, RouteKind.NotRouted));
            for (int n = random.Below(5); n > 0; n--)
            {
                UInt128 base_ = isV6 ? new UInt128(0x2001_0DB8UL << 32, 0) : (UInt128)20 << 24;
                int length = (isV6 ? 40 : 14) + random.Below(4);
                UInt128 prefix = (base_ | ((UInt128)random.Below(8) << (width - (isV6 ? 48 : 16)))) >> (width - length) << (width - length);
                Add(new Route(isV6, prefix, length, (RouteKind)(1 + random.Below(6))));
            }

            if (random.Permille(300))
                Add(new Route(isV6, 0, 0, RouteKind.NextHop));
        }
    }

    private void Add(Route route)
    {
        if (route.Kind == RouteKind.NextHop)
        {
            Interface? via = Any(i => i.IsRouted && (route.IsV6 ? i.Address6 : i.Address4) != 0);
            if (via == null)
                return;
            UInt128 own = route.IsV6 ? via.Address6 : via.Address4;
            UInt128 gateway = own + (uint)(9 + random.Below(4));
            route = route with { Port = via.Number, NextHop = gateway, Mtu = via.Mtu };
            if (random.Permille(400))
                _topology.Neighbors.Add(new StaticNeighbor(via.Number, route.IsV6, gateway, MacOf(via.Number) + 0x99));
        }
        else if (route.Kind == RouteKind.Local)
        {
            Interface? owner = Any(i => i.IsRouted);
            if (owner == null)
                return;
            int width = route.IsV6 ? 128 : 32;
            route = route with { Length = width, Prefix = route.Prefix + 1, Port = owner.Number };
        }

        _topology.Add(route);
    }

    private Interface? Any(Predicate<Interface> fits)
    {
        Interface? chosen = null;
        int seen = 0;
        foreach (Interface candidate in _topology.Interfaces.Values)
            if (fits(candidate) && random.Below(++seen) == 0)
                chosen = candidate;
        return chosen;
    }

    private int Mtu() => s_mtus[random.Below(s_mtus.Length)];
}
