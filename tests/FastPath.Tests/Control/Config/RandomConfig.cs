using System;
using System.Collections.Generic;
using CsCheck;
using FastPath.Api;

namespace FastPath.Tests.Control.Config;

/// <summary>Configurations at random: valid ones, and ones that nobody checked.</summary>
internal static class RandomConfig
{
    // Names that YAML could take for something else are among them.
    private static readonly string[] s_bridges = ["blue", "100", "null", "true", "1e5", "0x10"];

    private static readonly Gen<string> s_bridge = OneOf(s_bridges);

    private static readonly Gen<int> s_number = Gen.Int[1, 9];

    /// <summary>Good ones: objects that may or may not be there, each with its own device, network and name.</summary>
    public static Gen<ConfigDocument> Valid { get; } =
        from workers in Gen.Int[1, 4]
        from bridged in s_number.Array[0, 4]
        from routed in s_number.Array[0, 4]
        from containers in s_number.Array[0, 3]
        from bridges in s_bridge.Array[0, 3]
        from hasTunnels in Gen.Bool
        from routes in s_number.Array[0, 5]
        from hasPunt in Gen.Bool
        from learning in Gen.Bool
        select Make(workers, bridged, routed, containers, bridges, hasTunnels, routes, hasPunt, learning);

    /// <summary>Texts that stand where addresses, names and numbers should.</summary>
    public static Gen<string> Nonsense { get; } = Gen.OneOf(
        Gen.String, OneOf("", "0", "10.0.0.1", "10.0.0.1/33", "::", "fe80::1", "ff:ff:ff:ff:ff:ff", "/", "~", "a-b", "1-2"));

    /// <summary>Documents in which fields were replaced by nonsense.</summary>
    public static Gen<ConfigDocument> Mutated { get; } =
        from document in Valid
        from text in Nonsense.Array[8]
        from number in Gen.Int.Array[4]
        select Mutate(document, text, number);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(n => texts[n]);

    private static ConfigDocument Make(int workers, int[] bridged, int[] routed, int[] containers, string[] bridges,
        bool hasTunnels, int[] routes, bool hasPunt, bool learning)
    {
        ConfigDocument document = new() { System = new SystemConfig { Workers = workers } };
        Dictionary<string, BridgeConfig> allBridges = new() { ["base"] = new BridgeConfig() };
        foreach (string name in bridges)
            allBridges[name] = new BridgeConfig
            {
                Vni = hasTunnels ? 100 + Number(name) : null,
                Vtep = hasTunnels ? "vt" : null,
                Remotes = hasTunnels ? ["192.0.2.2"] : [],
                Gateway = new GatewayConfig { Addresses = [$"10.{Number(name)}.0.254/24", $"fd00:{Number(name)}::fe/64"] },
            };
        Dictionary<string, PortConfig> ports = [];
        foreach (int n in bridged)
            ports[$"b{n}"] = new PortConfig { Device = $"dev-b{n}", Bridge = bridges.Length != 0 ? bridges[0] : "base", Learning = learning };
        foreach (int n in routed)
            ports[$"{n}"] = new PortConfig { Device = $"dev-r{n}", Addresses = [$"10.100.{n}.1/24"], Mtu = 1300 + n };
        foreach (int n in containers)
            ports[$"c{n}"] = new PortConfig { Container = new ContainerEnd { Namespace = $"ns {n}: \"x\"\n\u00e9\U0001F600" }, Bridge = "base" };
        Dictionary<string, RouteConfig> byPrefix = [];
        foreach (int n in routes)
            byPrefix[$"172.16.{n}.0/24"] = new RouteConfig { Prefix = $"172.16.{n}.0/24", Type = n % 2 == 0 ? "blackhole" : "prohibit" };
        return document with
        {
            Ports = ports,
            Bridges = allBridges,
            Uplinks = hasTunnels ? new Dictionary<string, UplinkConfig> { ["up"] = new() { Device = "eth9", Addresses = ["192.0.2.1/24"] } } : [],
            Vteps = hasTunnels ? new Dictionary<string, VtepConfig> { ["vt"] = new() { Address = "192.0.2.1" } } : [],
            Routes = [.. byPrefix.Values],
            Punt = hasPunt ? new PuntConfig { HostAddresses = ["169.254.1.1/30"], Addresses = ["169.254.1.2/30"] } : null,
        };
    }

    private static int Number(string bridge) => Array.IndexOf(s_bridges, bridge) + 1;

    private static ConfigDocument Mutate(ConfigDocument document, string[] text, int[] number)
    {
        Dictionary<string, PortConfig> ports = new(document.Ports)
        {
            [text[0]] = new PortConfig { Device = text[1], Addresses = [text[2], text[3]], Mac = text[4], Mtu = number[0] },
            ["z"] = new PortConfig { Container = new ContainerEnd { Namespace = text[5], Gateways = [text[6]] }, Bridge = text[7] },
        };
        return document with
        {
            Ports = ports,
            Vteps = new Dictionary<string, VtepConfig> { [text[1]] = new() { Address = text[2], Port = number[1], SourcePorts = text[3] } },
            Fdb = [new FdbConfig { Bridge = text[0], Mac = text[4], Remote = text[2] }],
            Routes = [new RouteConfig { Prefix = text[3], Via = text[2], Type = text[6] }],
            Neighbors = [new NeighborConfig { Interface = text[0], Address = text[2], Mac = text[4] }],
            Punt = new PuntConfig { Interface = text[5], Addresses = [text[3]] },
            System = new SystemConfig { Workers = number[2], ChunkCount = number[3], Processors = [number[0]] },
        };
    }
}
