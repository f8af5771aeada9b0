using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp;

/// <summary>What FastPath takes from a shared uplink; everything else is the host's.</summary>
public sealed record ClaimSet
{
    /// <summary>Tunnel end points: local IPv4 address and UDP port.</summary>
    public IReadOnlySet<IPEndPoint> Vteps { get; init; } = new HashSet<IPEndPoint>();

    /// <summary>Owned MAC addresses, 48 bits, first octet most significant.</summary>
    public IReadOnlySet<ulong> Macs { get; init; } = new HashSet<ulong>();

    /// <summary>Owned destination prefixes, IPv4 and IPv6, without host bits.</summary>
    public IReadOnlySet<IPNetwork> Prefixes { get; init; } = new HashSet<IPNetwork>();
}

/// <summary>
/// The claims of one uplink's program. A change is a diff, additions first: what both generations claim is never let go.
/// </summary>
[Control]
public sealed class UplinkClaims
{
    /// <summary>KIND_ of xdp_uplink.bpf.c.</summary>
    [Flags]
    private enum Kinds : uint
    {
        None = 0,
        Vteps = 1,
        Macs = 2,
        Prefixes4 = 4,
        Prefixes6 = 8,
    }

    private readonly int _vteps;
    private readonly int _macs;
    private readonly int _prefixes4;
    private readonly int _prefixes6;
    private readonly int _kinds;

    /// <param name="program">fp_uplink, just attached: its maps are empty.</param>
    public UplinkClaims(XdpProgram program)
    {
        _vteps = program.Map("fp_vteps");
        _macs = program.Map("fp_macs");
        _prefixes4 = program.Map("fp_prefixes4");
        _prefixes6 = program.Map("fp_prefixes6");
        _kinds = program.Map("fp_kinds");
    }

    /// <summary>What is claimed now.</summary>
    public ClaimSet Current { get; private set; } = new();

    /// <summary>Makes the claims those of <paramref name="wanted"/>.</summary>
    /// <exception cref="XdpException">
    /// E2BIG, ENOSPC: more than 4,096 of a kind. The claims of before are still all there, and none that is not in either.
    /// </exception>
    public void Set(ClaimSet wanted)
    {
        List<Action> undo = [];
        Announce(KindsOf(Current) | KindsOf(wanted));
        try
        {
            AddAll(wanted, undo);
        }
        catch (XdpException)
        {
            foreach (Action remove in undo)
                remove();
            Announce(KindsOf(Current));
            throw;
        }

        Each(Current.Vteps, wanted.Vteps, vtep => Remove(_vteps, new VtepKey(vtep)));
        Each(Current.Macs, wanted.Macs, mac => Remove(_macs, new MacKey(mac)));
        Each(Current.Prefixes, wanted.Prefixes, RemovePrefix);
        Current = wanted;
        Announce(KindsOf(wanted));
    }

    /// <summary>Tells the program in which maps to look.</summary>
    private void Announce(Kinds kinds)
    {
        int result = Libbpf.Update(_kinds, 0u, (uint)kinds);
        if (result != 0)
            throw new XdpException("telling an uplink's program which claims there are", -result);
    }

    private static Kinds KindsOf(ClaimSet claims)
    {
        Kinds kinds = Kinds.None;
        if (claims.Vteps.Count != 0)
            kinds |= Kinds.Vteps;
        if (claims.Macs.Count != 0)
            kinds |= Kinds.Macs;
        foreach (IPNetwork prefix in claims.Prefixes)
            kinds |= prefix.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? Kinds.Prefixes4 : Kinds.Prefixes6;
        return kinds;
    }

    private void AddAll(ClaimSet wanted, List<Action> undo)
    {
        Each(wanted.Vteps, Current.Vteps, vtep =>
        {
            if (vtep.AddressFamily != AddressFamily.InterNetwork)
                throw new XdpException($"a VTEP on an uplink has an IPv4 address, not {vtep.Address}", 0);
            Add(_vteps, new VtepKey(vtep), vtep);
            undo.Add(() => Remove(_vteps, new VtepKey(vtep)));
        });
        Each(wanted.Macs, Current.Macs, mac =>
        {
            Add(_macs, new MacKey(mac), mac);
            undo.Add(() => Remove(_macs, new MacKey(mac)));
        });
        Each(wanted.Prefixes, Current.Prefixes, prefix =>
        {
            if (prefix.BaseAddress.AddressFamily == AddressFamily.InterNetwork)
                Add(_prefixes4, new Prefix4Key(prefix), prefix);
            else
                Add(_prefixes6, new Prefix6Key(prefix), prefix);
            undo.Add(() => RemovePrefix(prefix));
        });
    }

    private void RemovePrefix(IPNetwork prefix)
    {
        if (prefix.BaseAddress.AddressFamily == AddressFamily.InterNetwork)
            Remove(_prefixes4, new Prefix4Key(prefix));
        else
            Remove(_prefixes6, new Prefix6Key(prefix));
    }

    /// <summary>Calls for each item that is in one set and not in the other.</summary>
    private static void Each<T>(IReadOnlySet<T> items, IReadOnlySet<T> without, Action<T> action)
    {
        foreach (T item in items)
            if (!without.Contains(item))
                action(item);
    }

    private static void Add<TKey, T>(int map, TKey key, T claim) where TKey : unmanaged
    {
        int result = Libbpf.Update(map, key, 1u);
        if (result != 0)
            throw new XdpException($"claiming {claim} on an uplink", -result);
    }

    private static void Remove<TKey>(int map, TKey key) where TKey : unmanaged => _ = Libbpf.Delete(map, key);
}
