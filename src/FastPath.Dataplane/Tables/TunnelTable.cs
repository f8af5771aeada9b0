using System;
using System.Collections.Generic;
using FastPath.Net;

namespace FastPath.Dataplane.Tables;

/// <summary>
/// Tunnels by (VNI, remote address), as a packet from the underlay names them. Open addressing, at most half full,
/// built whole for each generation.
/// </summary>
[Shared]
public sealed class TunnelTable
{
    private readonly ulong[] _keys;
    private readonly uint[] _locals;
    private readonly ushort[] _ports;
    private readonly HashSet<uint> _vnis = [];

    public TunnelTable(ReadOnlySpan<TunnelEntry> tunnels)
    {
        int size = 16;
        while (size < tunnels.Length * 2)
            size *= 2;
        _keys = new ulong[size];
        _locals = new uint[size];
        _ports = new ushort[size];
        foreach (TunnelEntry tunnel in tunnels)
        {
            if (tunnel.PortNumber == 0)
                continue;
            Insert(tunnel);
            _vnis.Add(tunnel.Vni);
        }
    }

    public static TunnelTable Empty { get; } = new([]);

    /// <summary>Port number of the tunnel a packet came through; 0 when none is configured.</summary>
    public int Lookup(uint vni, Ip4Address local, Ip4Address remote)
    {
        ulong key = Key(vni, remote);
        for (int at = Slot(key); _keys[at] != 0; at = (at + 1) & (_keys.Length - 1))
            if (_keys[at] == key && _locals[at] == local.Value)
                return _ports[at];
        return 0;
    }

    /// <summary>Whether any tunnel has the VNI; tells an unknown VNI from an unknown sender.</summary>
    public bool HasVni(uint vni) => _vnis.Contains(vni);

    private void Insert(TunnelEntry tunnel)
    {
        ulong key = Key(tunnel.Vni, tunnel.Remote);
        int at = Slot(key);
        while (_keys[at] != 0 && (_keys[at] != key || _locals[at] != tunnel.Local.Value))
            at = (at + 1) & (_keys.Length - 1);
        _keys[at] = key;
        _locals[at] = tunnel.Local.Value;
        _ports[at] = tunnel.PortNumber;
    }

    private int Slot(ulong key) => (int)(key * 0x9E37_79B9_7F4A_7C15 >> 40) & (_keys.Length - 1);

    // The top bit keeps a key from being 0, which marks an empty slot.
    private static ulong Key(uint vni, Ip4Address remote) => ((ulong)vni << 32) | remote.Value | (1UL << 63);
}

/// <summary>A look-up and its answer, so that the next packet can compare.</summary>
/// <param name="Vni">Network identifier.</param>
/// <param name="Local">Destination of the outer header.</param>
/// <param name="Remote">Source of the outer header.</param>
/// <param name="RxPort">Port the packet came in by.</param>
/// <param name="Port">Port number of the tunnel; 0 when none is configured or its packets do not come that way.</param>
[Shared]
internal readonly record struct TunnelMatch(uint Vni, Ip4Address Local, Ip4Address Remote, ushort RxPort, ushort Port)
{
    public bool Is(uint vni, Ip4Address local, Ip4Address remote, ushort rxPort) =>
        Vni == vni && Local.Bits == local.Bits && Remote.Bits == remote.Bits && RxPort == rxPort;
}
