using System.CommandLine;
using FastPath.Api;

namespace FastPath.Cli.Commands;

/// <summary>port, uplink: what packets come from and leave by.</summary>
internal static class PortCommands
{
    public static void AddTo(Command root, Commands commands)
    {
        Command port = new("port", "Makes and removes ports; 'fastpath ports' lists them.");
        port.Subcommands.Add(AddPort(commands));
        port.Subcommands.Add(Delete(commands, "ports", "Removes a port."));
        root.Subcommands.Add(port);

        Command uplink = new("uplink", "Makes and removes uplinks; 'fastpath uplinks' lists them.");
        uplink.Subcommands.Add(AddUplink(commands));
        uplink.Subcommands.Add(Delete(commands, "uplinks", "Removes an uplink."));
        root.Subcommands.Add(uplink);
    }

    /// <summary>The command that removes a named object.</summary>
    public static Command Delete(Commands commands, string resource, string description)
    {
        Argument<string> name = new("name");
        Command command = commands.MakeDelete("delete", description, line => ApiPath.Of(resource, line.GetValue(name)));
        command.Arguments.Add(name);
        return command;
    }

    private static Command AddPort(Commands commands)
    {
        Argument<string> name = new("name");
        Option<string?> device = Commands.ValueOption<string?>("--device", "DEVICE", "An existing device.");
        ContainerOptions container = new();
        Option<string?> bridge = Commands.ValueOption<string?>("--bridge", "BRIDGE", "Bridge it belongs to.");
        Option<string[]> addresses = Commands.ListOption("--address", "ADDRESS/LENGTH", "Address of a routed port.");
        Option<string?> mac = Commands.ValueOption<string?>("--mac", "MAC", "MAC address of a routed port.");
        Option<int?> mtu = Commands.ValueOption<int?>("--mtu", "BYTES", "Largest network packet.");
        Option<string?> checksums =
            Commands.ValueOption<string?>("--checksums", "container|device", "Who makes L4 checksums.");
        Option<bool> isDeaf = new("--no-learning") { Description = "Learn no source addresses on it." };
        Command command = commands.MakePut("add", "Makes or replaces a port.",
            line => ApiPath.Of("ports", line.GetValue(name)),
            line => new PortConfig
            {
                Device = line.GetValue(device),
                Container = container.Read(line),
                Bridge = line.GetValue(bridge),
                Addresses = line.GetValue(addresses)!,
                Mac = line.GetValue(mac),
                Mtu = line.GetValue(mtu),
                Checksums = line.GetValue(checksums) ?? ChecksumModes.Container,
                Learning = !line.GetValue(isDeaf),
            });
        command.Arguments.Add(name);
        container.AddTo(command);
        foreach (Option option in (Option[])[device, bridge, addresses, mac, mtu, checksums, isDeaf])
            command.Options.Add(option);
        return command;
    }

    private static Command AddUplink(Commands commands)
    {
        Argument<string> name = new("name");
        Option<string?> device = Commands.ValueOption<string?>("--device", "DEVICE", "Device (the name).");
        Option<int?> queues = Commands.ValueOption<int?>("--queues", "N", "Receive queues; all when absent.");
        Option<string?> mode = Commands.ValueOption<string?>("--mode", "auto|copy|zeroCopy", "How packets come.");
        Option<string[]> addresses = Commands.ListOption("--address", "ADDRESS/LENGTH", "Underlay address.");
        Option<string[]> macs = Commands.ListOption("--claim-mac", "MAC", "Take frames to this address.");
        Option<string[]> prefixes = Commands.ListOption("--claim-prefix", "PREFIX", "Take packets to this prefix.");
        Command command = commands.MakePut("add", "Makes or replaces an uplink.",
            line => ApiPath.Of("uplinks", line.GetValue(name)),
            line => new UplinkConfig
            {
                Device = line.GetValue(device) ?? line.GetValue(name)!,
                Queues = line.GetValue(queues),
                Mode = line.GetValue(mode) ?? "auto",
                Addresses = line.GetValue(addresses)!,
                Macs = line.GetValue(macs)!,
                Prefixes = line.GetValue(prefixes)!,
            });
        command.Arguments.Add(name);
        foreach (Option option in (Option[])[device, queues, mode, addresses, macs, prefixes])
            command.Options.Add(option);
        return command;
    }

    /// <summary>Options for the container's end of a veth that fastpathd makes.</summary>
    private sealed class ContainerOptions
    {
        private readonly Option<string?> _namespace =
            Commands.ValueOption<string?>("--container", "NAMESPACE", "Make a veth into this network namespace.");

        private readonly Option<string?> _interface =
            Commands.ValueOption<string?>("--interface", "NAME", "Name of the container's end (eth0).");

        private readonly Option<string?> _mac =
            Commands.ValueOption<string?>("--container-mac", "MAC", "MAC address of the container's end.");

        private readonly Option<string[]> _addresses =
            Commands.ListOption("--container-address", "ADDRESS/LENGTH", "Address of the container's end.");

        private readonly Option<string[]> _gateways =
            Commands.ListOption("--container-gateway", "ADDRESS", "Default gateway in the container.");

        public void AddTo(Command command)
        {
            foreach (Option option in (Option[])[_namespace, _interface, _mac, _addresses, _gateways])
                command.Options.Add(option);
        }

        public ContainerEnd? Read(ParseResult line) => line.GetValue(_namespace) is { } name
            ? new ContainerEnd
            {
                Namespace = name,
                Interface = line.GetValue(_interface) ?? "eth0",
                Mac = line.GetValue(_mac),
                Addresses = line.GetValue(_addresses)!,
                Gateways = line.GetValue(_gateways)!,
            }
            : null;
    }
}
