using FastPath.Api;

namespace FastPath.Control.Config;

/// <summary>Rules of /ports.</summary>
internal static class PortRules
{
    // RFC 8200 section 5: every link carries 1,280 bytes. 65,000 is what spans the kernel's 18 buffers with encapsulation.
    internal const int MtuLeast = 1280;
    internal const int MtuMost = 65_000;

    public static PortSettings Check(string name, PortConfig config, Field at)
    {
        if (config.Device != null == (config.Container != null))
            at.Add("exactly one of device and container must be given");
        if (config.Device is string device)
            NameRules.CheckDevice(at.Item("device"), device);
        if (config.Bridge != null == (config.Addresses.Count != 0))
            at.Add("exactly one of bridge and addresses must be given: a port is bridged or routed");
        if (config.Mtu is int mtu)
            at.Item("mtu").InRange(mtu, MtuLeast, MtuMost, " bytes");
        if (config.Mac != null && config.Bridge != null)
            at.Item("mac").Add("a bridged port has no address of its own: set the bridge's gateway's, or the container's");
        if (!config.Learning && config.Bridge == null)
            at.Item("learning").Add("only bridged ports learn: leave it out");
        if (config.Checksums is not (ChecksumModes.Container or ChecksumModes.Device))
            at.Item("checksums").Add($"\"{config.Checksums}\" is not possible: write \"container\" or \"device\"");
        return new PortSettings(name)
        {
            Device = config.Device,
            Container = config.Container is { } end ? CheckEnd(end, at.Item("container")) : null,
            Bridge = config.Bridge,
            Addresses = at.Item("addresses").Interface(config.Addresses),
            Mac = at.Item("mac").Station(config.Mac),
            Mtu = config.Mtu,
            DeviceChecksums = config.Checksums == ChecksumModes.Device,
            Learning = config.Learning,
        };
    }

    public static void CheckReferences(DataplaneConfig config, ConfigErrors errors)
    {
        foreach (PortSettings port in config.Ports.Values)
            if (port.Bridge is string bridge && !config.Bridges.ContainsKey(bridge))
                errors.At("ports").Item(port.Name).Item("bridge")
                    .Add($"there is no bridge \"{bridge}\"{Nearest.Suggest(bridge, config.Bridges.Keys)}");
    }

    private static ContainerSettings CheckEnd(ContainerEnd end, Field at)
    {
        CheckNamespace(end.Namespace, at.Item("namespace"));
        NameRules.CheckDevice(at.Item("interface"), end.Interface);
        ContainerSettings settings = new(end.Namespace, end.Interface)
        {
            Mac = at.Item("mac").Station(end.Mac),
            Addresses = at.Item("addresses").Interface(end.Addresses),
        };
        return settings with { Gateways = GatewayRules.Check(end.Gateways, settings.Addresses, at.Item("gateways")) };
    }

    private static void CheckNamespace(string name, Field at)
    {
        bool isPath = name.StartsWith('/');
        if (name.Length == 0)
            at.Add("a network namespace is needed: a name in /run/netns, or a path such as /proc/1234/ns/net");
        else if (!isPath && (name.Contains('/', System.StringComparison.Ordinal) || name is "." or ".."))
            at.Add($"\"{name}\" is neither a name in /run/netns nor a path that begins with /");
    }
}
