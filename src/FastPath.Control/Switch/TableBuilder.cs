using System;
using System.Collections.Generic;
using FastPath.Control.Config;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Net;

namespace FastPath.Control.Switch;

/// <summary>
/// Puts a generation together: from a configuration that was found right, the numbers of its objects, and the ports that
/// are open now. Pure but for claiming numbers.
/// </summary>
internal sealed class TableBuilder
{
    private const int MtuWithoutMembers = 1500;

    private readonly DataplaneConfig _config;
    private readonly Numbers _numbers;
    private readonly Numbers _bridgeNumbers;
    private readonly IReadOnlyDictionary<string, OpenPort> _open;
    private readonly RouteTable _routes = new();
    private readonly PortEntry[] _entries;
    private readonly List<TunnelEntry> _tunnels = [];
    private readonly List<BuiltTunnel> _built = [];
    private readonly Dictionary<string, ushort> _interfaces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ushort>> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, ushort> _addresses = [];
    private readonly Dictionary<string, int> _gatewayMtus = new(StringComparer.Ordinal);

    private TableBuilder(DataplaneConfig config, Numbers numbers, Numbers bridgeNumbers, IReadOnlyDictionary<string, OpenPort> open)
    {
        _config = config;
        _numbers = numbers;
        _bridgeNumbers = bridgeNumbers;
        _open = open;
        ClaimAll();
        _entries = new PortEntry[numbers.Length];
    }

    /// <summary>Builds the tables of a generation.</summary>
    /// <param name="config">What shall be.</param>
    /// <param name="numbers">Numbers of the port table; objects without one get one.</param>
    /// <param name="bridgeNumbers">Numbers of the bridge table, likewise.</param>
    /// <param name="open">Ports that are open, by key. Others have their entry but no queue: they drop.</param>
    /// <param name="workers">Workers of the switch.</param>
    /// <param name="generation">Number of the generation.</param>
    public static BuiltTables Build(DataplaneConfig config, Numbers numbers, Numbers bridgeNumbers,
        IReadOnlyDictionary<string, OpenPort> open, int workers, long generation) =>
        new TableBuilder(config, numbers, bridgeNumbers, open).Build(workers, generation);

    private BuiltTables Build(int workers, long generation)
    {
        foreach (PortSettings port in _config.Ports.Values)
            AddPort(port);
        foreach (UplinkSettings uplink in _config.Uplinks.Values)
            AddUplink(uplink);
        foreach (BridgeSettings bridge in _config.Bridges.Values)
            AddBridge(bridge);
        if (_config.Punt is { } punt)
            AddRouted(Keys.Punt, "punt", punt.Addresses, null, null);
        foreach (RouteSettings route in _config.Routes)
            AddRoute(route);
        Fib4 fib = _routes.BuildFib4();
        ConnectTunnels(fib);
        foreach (BridgeSettings bridge in _config.Bridges.Values)
            SetGatewayMtu(bridge);
        TunnelEntry[] tunnels = [.. _tunnels];
        return new BuiltTables
        {
            Tables = new SwitchTables
            {
                Generation = generation,
                Ports = _entries,
                Devices = Devices(workers),
                Senders = Senders(),
                Receivers = Receivers(workers),
                Bridges = Bridges(),
                AgingSeconds = AgingSeconds(),
                Fib4 = fib,
                Fib6 = _routes.BuildFib6(),
                Adjacencies = _routes.Adjacencies,
                Tunnels = tunnels,
                TunnelsByPacket = new TunnelTable(tunnels),
                VxlanPorts = VxlanPorts(),
                PuntPort = _config.Punt != null && _open.ContainsKey(Keys.Punt) ? _numbers.Of(Keys.Punt) : (ushort)0,
                PuntMac = _open.TryGetValue(Keys.Punt, out OpenPort? punted) ? punted.Facts.PeerMac : default,
            },
            Routes = _routes.Records(),
            StaticAddresses = StaticAddresses(),
            StaticNeighbors = StaticNeighbors(),
            Tunnels = _built,
            GatewayMtus = _gatewayMtus,
        };
    }

    /// <summary>Names in the port table that a configuration needs.</summary>
    public static IEnumerable<string> Names(DataplaneConfig config)
    {
        foreach (string name in config.Ports.Keys)
            yield return Keys.Port(name);
        foreach (string name in config.Uplinks.Keys)
            yield return Keys.Uplink(name);
        if (config.Punt != null)
            yield return Keys.Punt;
        foreach (BridgeSettings bridge in config.Bridges.Values)
        {
            if (bridge.Gateway != null)
                yield return Keys.Gateway(bridge.Name);
            foreach (Ip4Address remote in bridge.Remotes)
                yield return Keys.Tunnel(bridge.Name, remote);
        }
    }

    /// <summary>Every object's number before anything is built: tables have one length.</summary>
    private void ClaimAll()
    {
        foreach (string name in Names(_config))
            _numbers.Claim(name);
        foreach (string bridge in _config.Bridges.Keys)
        {
            _bridgeNumbers.Claim(bridge);
            _members[bridge] = [];
        }
    }

    private void AddPort(PortSettings port)
    {
        if (port.Bridge == null)
        {
            AddRouted(Keys.Port(port.Name), port.Name, port.Addresses, port.Mac, port.Mtu, port.DeviceChecksums);
            return;
        }

        ushort number = _numbers.Of(Keys.Port(port.Name));
        _entries[number] = new PortEntry
        {
            Kind = PortKind.Device,
            Bridge = _bridgeNumbers.Of(port.Bridge),
            Learns = port.Learning,
            MayBePartial = port.DeviceChecksums,
            Mtu = MtuOf(Keys.Port(port.Name), port.Mtu),
        };
        _members[port.Bridge].Add(number);
    }

    private void AddUplink(UplinkSettings uplink)
    {
        string key = Keys.Uplink(uplink.Name);
        IReadOnlyList<InterfaceAddress> addresses = uplink.Addresses;
        bool isOpen = _open.TryGetValue(key, out OpenPort? open);
        if (addresses.Count == 0 && isOpen)
            addresses = open!.Facts.KernelAddresses;
        // A veth as an uplink may carry packets whose sender left their checksums to the device. Those of a network card
        // are plain: what may be partial takes the slow way out.
        AddRouted(key, uplink.Name, addresses, null, null, mayBePartial: !isOpen || open!.Facts.MayBePartial, kernelNeighbors: true);
    }

    private void AddRouted(string key, string name, IReadOnlyList<InterfaceAddress> addresses, MacAddress? mac, int? limit,
        bool mayBePartial = false, bool kernelNeighbors = false)
    {
        ushort number = _numbers.Of(key);
        int mtu = MtuOf(key, limit);
        MacAddress own = mac ?? (_open.TryGetValue(key, out OpenPort? open) ? open.Facts.Mac : default);
        _entries[number] = Routed(number, mtu, own, addresses) with
        {
            Kind = PortKind.Device,
            MayBePartial = mayBePartial,
            KernelNeighbors = kernelNeighbors,
        };
        _interfaces[name] = number;
        _routes.AddInterface(number, mtu, addresses, name);
    }

    private void AddBridge(BridgeSettings bridge)
    {
        ushort bridgeNumber = _bridgeNumbers.Of(bridge.Name);
        if (bridge.Gateway is { } gateway)
        {
            ushort number = _numbers.Of(Keys.Gateway(bridge.Name));
            _entries[number] = Routed(number, MtuWithoutMembers, gateway.Mac, gateway.Addresses) with
            {
                Kind = PortKind.BridgeInterface,
                Bridge = bridgeNumber,
                NodeMac = NodeMacOf(bridge),
            };
            _members[bridge.Name].Add(number);
            _interfaces[bridge.Name] = number;
            _addresses[FdbTable.Key(bridgeNumber, gateway.Mac.Value)] = number;
            if (!_entries[number].NodeMac.IsZero)
                _addresses[FdbTable.Key(bridgeNumber, _entries[number].NodeMac.Value)] = number;
            _routes.AddInterface(number, MtuWithoutMembers, gateway.Addresses, bridge.Name);
        }

        if (bridge.Vtep != null)
            foreach (Ip4Address remote in bridge.Remotes)
                AddTunnel(bridge, _config.Vteps[bridge.Vtep], remote);
    }

    /// <summary>Only a bridge that other nodes have, too, needs one; its tunnel end point tells the nodes apart.</summary>
    private MacAddress NodeMacOf(BridgeSettings bridge) =>
        bridge.Vtep == null ? default : BridgeRules.MacOf($"{bridge.Name} at {_config.Vteps[bridge.Vtep].Address}");

    private void AddTunnel(BridgeSettings bridge, VtepSettings vtep, Ip4Address remote)
    {
        ushort number = _numbers.Of(Keys.Tunnel(bridge.Name, remote));
        _entries[number] = new PortEntry
        {
            Kind = PortKind.Tunnel,
            Bridge = _bridgeNumbers.Of(bridge.Name),
            Learns = true,
            Tunnel = _tunnels.Count,
        };
        _members[bridge.Name].Add(number);
        _tunnels.Add(new TunnelEntry
        {
            Vni = bridge.Vni,
            Local = vtep.Address,
            Remote = remote,
            Port = vtep.Port,
            FirstSourcePort = vtep.FirstSourcePort,
            SourcePortMask = vtep.SourcePortMask,
            TimeToLive = vtep.TimeToLive,
            PortNumber = number,
        });
        _built.Add(new BuiltTunnel(bridge.Name, vtep.Name, bridge.Vni, remote, number, 0, 0, default));
    }

    private void AddRoute(RouteSettings route)
    {
        Adjacency adjacency = route.Kind switch
        {
            RouteKind.Blackhole => new Adjacency { Kind = AdjacencyKind.Blackhole },
            RouteKind.Unreachable => new Adjacency { Kind = AdjacencyKind.Unreachable },
            RouteKind.Prohibit => new Adjacency { Kind = AdjacencyKind.Prohibit },
            _ => Unicast(route, _interfaces[route.Interface!]),
        };
        _routes.Add(route.Prefix, adjacency, route.Interface ?? "", "config");
    }

    private Adjacency Unicast(RouteSettings route, ushort port) => new()
    {
        Kind = route.Via == null ? AdjacencyKind.Connected : AdjacencyKind.NextHop,
        Port = port,
        Mtu = _entries[port].Mtu,
        NextHop4 = route.Via is { IsV4: true } four ? four.V4 : default,
        NextHop6 = route.Via is { IsV4: false } six ? six.V6 : default,
    };

    private PortEntry Routed(ushort number, int mtu, MacAddress mac, IReadOnlyList<InterfaceAddress> addresses) => new()
    {
        Mac = mac.Value,
        IsRouted = true,
        Mtu = mtu,
        SourceIp4 = First(addresses, isV4: true) is { } four ? four.V4 : default,
        SourceIp6 = First(addresses, isV4: false) is { } six ? six.V6 : default,
        LinkAdjacency = _routes.AddAdjacency(new Adjacency { Kind = AdjacencyKind.Connected, Port = number, Mtu = mtu }),
    };

    private void ConnectTunnels(Fib4 fib)
    {
        Adjacency[] adjacencies = _routes.Adjacencies;
        for (int n = 0; n < _tunnels.Count; n++)
        {
            Adjacency way = adjacencies[fib.Lookup(_tunnels[n].Remote)];
            _tunnels[n] = _routes.Toward(_tunnels[n], fib);
            if (way.Kind is AdjacencyKind.Connected or AdjacencyKind.NextHop && _entries[way.Port].Kind == PortKind.Device)
                _built[n] = _built[n] with
                {
                    UnderlayPort = way.Port,
                    UnderlayMtu = way.Mtu,
                    NextHop = way.Kind == AdjacencyKind.Connected ? _tunnels[n].Remote : way.NextHop4,
                };
        }
    }

    /// <summary>A gateway's packets must fit every member: its MTU is the smallest of theirs unless it is configured.</summary>
    private void SetGatewayMtu(BridgeSettings bridge)
    {
        if (bridge.Gateway is not { } gateway)
            return;
        int smallest = int.MaxValue;
        foreach (ushort member in _members[bridge.Name])
            if (_entries[member].Kind == PortKind.Device)
                smallest = Math.Min(smallest, _entries[member].Mtu);
        foreach (BuiltTunnel tunnel in _built)
            if (tunnel.Bridge == bridge.Name && tunnel.InnerMtu > 0)
                smallest = Math.Min(smallest, tunnel.InnerMtu);
        int mtu = gateway.Mtu ?? (smallest == int.MaxValue ? MtuWithoutMembers : smallest);
        ushort number = _interfaces[bridge.Name];
        _entries[number] = _entries[number] with { Mtu = mtu };
        _routes.SetMtu(number, mtu);
        _gatewayMtus[bridge.Name] = mtu;
    }

    private int MtuOf(string key, int? limit)
    {
        int device = _open.TryGetValue(key, out OpenPort? open) ? open.Facts.Mtu : MtuWithoutMembers;
        return limit is int bytes ? Math.Min(bytes, device) : device;
    }

    private static IpAddress? First(IReadOnlyList<InterfaceAddress> addresses, bool isV4)
    {
        foreach (InterfaceAddress address in addresses)
            if (address.Address.IsV4 == isV4)
                return address.Address;
        return null;
    }

    private Port?[][] Devices(int workers)
    {
        Port?[][] devices = new Port?[workers][];
        for (int worker = 0; worker < workers; worker++)
        {
            devices[worker] = new Port?[_entries.Length];
            foreach (OpenPort open in _open.Values)
                devices[worker][open.Number] = open.QueueOf(worker);
        }

        return devices;
    }

    private byte[] Senders()
    {
        byte[] senders = new byte[_entries.Length];
        foreach (OpenPort open in _open.Values)
            senders[open.Number] = (byte)open.Sender;
        return senders;
    }

    private Port[][] Receivers(int workers)
    {
        Port[][] receivers = new Port[workers][];
        for (int worker = 0; worker < workers; worker++)
        {
            List<Port> own = [];
            foreach (OpenPort open in _open.Values)
                foreach (PortQueue queue in open.Queues)
                    if (queue.Worker == worker)
                        own.Add(queue.Port);
            receivers[worker] = [.. own];
        }

        return receivers;
    }

    private BridgeEntry[] Bridges()
    {
        BridgeEntry[] bridges = new BridgeEntry[_bridgeNumbers.Length];
        Array.Fill(bridges, new BridgeEntry());
        foreach (BridgeSettings bridge in _config.Bridges.Values)
            bridges[_bridgeNumbers.Of(bridge.Name)] = new BridgeEntry { Members = [.. _members[bridge.Name]] };
        return bridges;
    }

    private uint[] AgingSeconds()
    {
        uint[] seconds = new uint[_bridgeNumbers.Length];
        foreach (BridgeSettings bridge in _config.Bridges.Values)
            seconds[_bridgeNumbers.Of(bridge.Name)] = bridge.AgingSeconds;
        return seconds;
    }

    private ushort[] VxlanPorts()
    {
        SortedSet<ushort> ports = [];
        foreach (VtepSettings vtep in _config.Vteps.Values)
            ports.Add(vtep.Port);
        return [.. ports];
    }

    private Dictionary<ulong, ushort> StaticAddresses()
    {
        foreach (FdbSettings entry in _config.Fdb)
            _addresses[FdbTable.Key(_bridgeNumbers.Of(entry.Bridge), entry.Mac.Value)] =
                _numbers.Of(entry.Port != null ? Keys.Port(entry.Port) : Keys.Tunnel(entry.Bridge, entry.Remote));
        return _addresses;
    }

    private Dictionary<NeighborKey, MacAddress> StaticNeighbors()
    {
        Dictionary<NeighborKey, MacAddress> neighbors = [];
        foreach (NeighborSettings neighbor in _config.Neighbors)
        {
            ushort port = _interfaces[neighbor.Interface];
            NeighborKey key = neighbor.Address.IsV4
                ? NeighborKey.Of(port, neighbor.Address.V4)
                : NeighborKey.Of(port, neighbor.Address.V6);
            neighbors[key] = neighbor.Mac;
        }

        return neighbors;
    }
}
