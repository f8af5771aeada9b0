using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using FastPath.Api;
using FastPath.Net;

namespace FastPath.Control.Config;

/// <summary>Rules of /bridges.</summary>
internal static class BridgeRules
{
    private const int VniMax = (1 << 24) - 1;

    public static BridgeSettings Check(string name, BridgeConfig config, Field at)
    {
        if (config.Vni is int vni)
            at.Item("vni").InRange(vni, 1, VniMax);
        if (config.Vni != null && config.Vtep == null)
            at.Item("vtep").Add("a bridge with a vni needs a vtep: the name of one in /vteps");
        if (config.Vni == null && config.Vtep != null)
            at.Item("vni").Add("a bridge with a vtep needs a vni: 1 to 16777215");
        if (config.Vni == null && config.Remotes.Count != 0)
            at.Item("remotes").Add("remotes need a vni and a vtep");
        at.Item("agingSeconds").InRange(config.AgingSeconds, 10, 86_400, " seconds");
        return new BridgeSettings(name)
        {
            Vni = (uint)(config.Vni ?? 0),
            Vtep = config.Vtep,
            Remotes = Remotes(config.Remotes, at.Item("remotes")),
            Gateway = config.Gateway is { } gateway ? CheckGateway(name, gateway, at.Item("gateway")) : null,
            AgingSeconds = (uint)config.AgingSeconds,
        };
    }

    public static void CheckReferences(DataplaneConfig config, ConfigErrors errors)
    {
        // Without the UDP port: what comes in is told apart by addresses and VNI only.
        Dictionary<(Ip4Address, uint), string> networks = [];
        foreach (BridgeSettings bridge in config.Bridges.Values)
        {
            Field at = errors.At("bridges").Item(bridge.Name);
            if (bridge.Vtep == null)
                continue;
            if (!config.Vteps.TryGetValue(bridge.Vtep, out VtepSettings? vtep))
            {
                at.Item("vtep").Add($"there is no vtep \"{bridge.Vtep}\"{Nearest.Suggest(bridge.Vtep, config.Vteps.Keys)}");
                continue;
            }

            if (bridge.Vni != 0 && !networks.TryAdd((vtep.Address, bridge.Vni), bridge.Name))
                at.Item("vni").Add($"bridge {networks[(vtep.Address, bridge.Vni)]} has vni {bridge.Vni} at {vtep.Address} already");
            for (int n = 0; n < bridge.Remotes.Count; n++)
                if (bridge.Remotes[n] == vtep.Address)
                    at.Item("remotes").Item(n).Add($"{vtep.Address} is this vtep itself");
        }
    }

    /// <summary>
    /// A locally administered address made of the bridge's name: the same on every node, so that a container that moves
    /// keeps its gateway.
    /// </summary>
    internal static MacAddress MacOf(string bridge)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes("fastpath bridge " + bridge), hash);
        ulong value = 0;
        foreach (byte octet in hash[..6])
            value = (value << 8) | octet;
        const ulong GroupBit = 1UL << 40;
        const ulong LocalBit = 1UL << 41;
        return MacAddress.FromValue((value & ~GroupBit) | LocalBit);
    }

    private static List<Ip4Address> Remotes(IReadOnlyList<string> texts, Field list)
    {
        List<Ip4Address> remotes = [];
        for (int n = 0; n < texts.Count; n++)
        {
            Ip4Address remote = list.Item(n).Host4(texts[n]);
            if (!remote.IsUnspecified && remotes.Contains(remote))
                list.Item(n).Add($"{remote} is in this list twice");
            remotes.Add(remote);
        }

        return remotes;
    }

    private static GatewaySettings CheckGateway(string bridge, GatewayConfig config, Field at)
    {
        if (config.Addresses.Count == 0)
            at.Item("addresses").Add("a gateway needs at least one address, such as 10.0.0.254/24");
        if (config.Mtu is int mtu)
            at.Item("mtu").InRange(mtu, PortRules.MtuLeast, PortRules.MtuMost, " bytes");
        MacAddress? mac = at.Item("mac").Station(config.Mac);
        return new GatewaySettings(at.Item("addresses").Interface(config.Addresses), mac ?? MacOf(bridge), config.Mtu);
    }
}
