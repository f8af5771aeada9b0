using System.Collections.Generic;
using FastPath.Dataplane.Tables;
using FastPath.Net;

namespace FastPath.Control.Switch;

/// <summary>One route of a generation, for listings.</summary>
/// <param name="Source">"config", "connected", "local" or "default".</param>
internal sealed record RouteRecord(IpPrefix Prefix, Adjacency Adjacency, string Interface, string Source);

/// <summary>Collects the routes of one generation and builds the tries. A prefix added later replaces an earlier one.</summary>
internal sealed class RouteTable
{
    private const string Default = "default";

    private readonly List<Adjacency> _adjacencies = [default];
    private readonly Dictionary<IpPrefix, (int Adjacency, string Interface, string Source)> _routes = [];

    public RouteTable()
    {
        // RFC 1812 section 5.3.5.1, and RFC 1112 section 4 for the reserved class: a default route does not lead there.
        foreach (string prefix in (string[])["224.0.0.0/4", "240.0.0.0/4"])
            Add(IpPrefix.Parse(prefix), new Adjacency { Kind = AdjacencyKind.NotRouted }, "", Default);
    }

    /// <summary>Adds an adjacency that no route leads to.</summary>
    public int AddAdjacency(Adjacency adjacency)
    {
        _adjacencies.Add(adjacency);
        return _adjacencies.Count - 1;
    }

    /// <summary>A tunnel with the way to its remote end.</summary>
    public TunnelEntry Toward(TunnelEntry tunnel, Fib4 fib) => tunnel.Toward(fib, _adjacencies);

    public void Add(IpPrefix prefix, Adjacency adjacency, string @interface, string source) =>
        _routes[prefix] = (AddAdjacency(adjacency), @interface, source);

    /// <summary>
    /// Routes of an interface: its networks, its own addresses, and the first and last address of each IPv4 network, which
    /// no host has (RFC 1812 section 5.3.5).
    /// </summary>
    public void AddInterface(ushort port, int mtu, IReadOnlyList<InterfaceAddress> addresses, string name)
    {
        foreach (InterfaceAddress address in addresses)
        {
            IpPrefix network = address.Network;
            Ip4Address own = network.IsV4 ? address.Address.V4 : default;
            Add(network, new Adjacency { Kind = AdjacencyKind.Connected, Port = port, Mtu = mtu, NextHop4 = own }, name, "connected");
            if (!network.IsV4 || network.Length > 30)
                continue;
            uint first = network.Address.V4.Value;
            foreach (uint host in (uint[])[first, first | (uint.MaxValue >> network.Length)])
                Add(IpPrefix.Of(new IpAddress(new Ip4Address(host)), 32), new Adjacency { Kind = AdjacencyKind.NotRouted }, name, Default);
        }

        foreach (InterfaceAddress address in addresses)
            Add(IpPrefix.Of(address.Address, address.Address.IsV4 ? 32 : 128),
                new Adjacency { Kind = AdjacencyKind.Local, Port = port, Mtu = mtu }, name, "local");
    }

    /// <summary>Sets the MTU of everything that leaves by a port: known only after tunnels have found their way.</summary>
    public void SetMtu(ushort port, int mtu)
    {
        for (int n = 1; n < _adjacencies.Count; n++)
            if (_adjacencies[n].Port == port)
                _adjacencies[n] = _adjacencies[n] with { Mtu = mtu };
    }

    public Adjacency[] Adjacencies => [.. _adjacencies];

    public Fib4 BuildFib4()
    {
        List<(Ip4Address, int, int)> routes = [];
        foreach ((IpPrefix prefix, (int adjacency, _, _)) in _routes)
            if (prefix.IsV4)
                routes.Add((prefix.Address.V4, prefix.Length, adjacency));
        return Fib4.Build(routes);
    }

    public Fib6 BuildFib6()
    {
        List<(Ip6Address, int, int)> routes = [];
        foreach ((IpPrefix prefix, (int adjacency, _, _)) in _routes)
            if (!prefix.IsV4)
                routes.Add((prefix.Address.V6, prefix.Length, adjacency));
        return Fib6.Build(routes);
    }

    public IReadOnlyList<RouteRecord> Records()
    {
        List<RouteRecord> records = [];
        foreach ((IpPrefix prefix, (int adjacency, string name, string source)) in _routes)
            if (source != Default)
                records.Add(new RouteRecord(prefix, _adjacencies[adjacency], name, source));
        return records;
    }
}
