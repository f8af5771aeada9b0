using System.CommandLine;
using FastPath.Api;

namespace FastPath.Cli.Commands;

/// <summary>bridge, vtep, route, fdb, neighbor: add and delete.</summary>
internal static class NetworkCommands
{
    public static void AddTo(Command root, Commands commands)
    {
        Add(root, "bridge", "Makes and removes bridges.", AddBridge(commands),
            PortCommands.Delete(commands, "bridges", "Removes a bridge."));
        Add(root, "vtep", "Makes and removes VXLAN tunnel end points.", AddVtep(commands),
            PortCommands.Delete(commands, "vteps", "Removes a tunnel end point."));
        Add(root, "route", "Makes and removes routes.", AddRoute(commands), DeleteRoute(commands));
        Add(root, "neighbor", "Makes and removes static neighbors.", AddNeighbor(commands), DeleteNeighbor(commands));
    }

    /// <summary>fdb add and fdb delete, below the command that lists.</summary>
    public static void AddToFdb(Command fdb, Commands commands)
    {
        Argument<string> bridge = new("bridge");
        Argument<string> mac = new("mac");
        Option<string?> port = Commands.ValueOption<string?>("--port", "PORT", "Port it is behind.");
        Option<string?> remote = Commands.ValueOption<string?>("--remote", "ADDRESS", "Tunnel end point it is behind.");
        string PathOf(ParseResult line) => ApiPath.Of("fdb", line.GetValue(bridge), line.GetValue(mac));
        Command add = commands.MakePut("add", "Makes or replaces a static entry.", PathOf,
            line => new FdbConfig { Port = line.GetValue(port), Remote = line.GetValue(remote) });
        Command delete = commands.MakeDelete("delete", "Removes a static entry.", PathOf);
        add.Options.Add(port);
        add.Options.Add(remote);
        foreach (Command command in (Command[])[add, delete])
        {
            command.Arguments.Add(bridge);
            command.Arguments.Add(mac);
            fdb.Subcommands.Add(command);
        }
    }

    private static Command AddBridge(Commands commands)
    {
        Argument<string> name = new("name");
        Option<int?> vni = Commands.ValueOption<int?>("--vni", "N", "VXLAN network identifier.");
        Option<string?> vtep = Commands.ValueOption<string?>("--vtep", "VTEP", "Local tunnel end point.");
        Option<string[]> remotes = Commands.ListOption("--remote", "ADDRESS", "Remote tunnel end point.");
        Option<string[]> gateway = Commands.ListOption("--gateway", "ADDRESS/LENGTH", "Address of its own.");
        Option<int> aging = Commands.ValueOption<int>("--aging", "SECONDS", "Until a silent address goes (300).");
        aging.DefaultValueFactory = _ => new BridgeConfig().AgingSeconds;
        Command command = commands.MakePut("add", "Makes or replaces a bridge.",
            line => ApiPath.Of("bridges", line.GetValue(name)),
            line => new BridgeConfig
            {
                Vni = line.GetValue(vni),
                Vtep = line.GetValue(vtep),
                Remotes = line.GetValue(remotes)!,
                Gateway = GatewayOf(line.GetValue(gateway)!),
                AgingSeconds = line.GetValue(aging),
            });
        command.Arguments.Add(name);
        foreach (Option option in (Option[])[vni, vtep, remotes, gateway, aging])
            command.Options.Add(option);
        return command;
    }

    private static GatewayConfig? GatewayOf(string[] addresses) =>
        addresses.Length == 0 ? null : new GatewayConfig { Addresses = addresses };

    private static Command AddVtep(Commands commands)
    {
        Argument<string> name = new("name");
        Argument<string> address = new("address") { Arity = ArgumentArity.ZeroOrOne };
        Option<int?> port = Commands.ValueOption<int?>("--port", "N", "UDP port (4789).");
        Option<int?> ttl = Commands.ValueOption<int?>("--ttl", "N", "TTL of the outer header (64).");
        VtepConfig defaults = new();
        Command command = commands.MakePut("add", "Makes or replaces a tunnel end point.",
            line => ApiPath.Of("vteps", line.GetValue(name)),
            line => new VtepConfig
            {
                Address = line.GetValue(address) ?? "",
                Port = line.GetValue(port) ?? defaults.Port,
                Ttl = line.GetValue(ttl) ?? defaults.Ttl,
            });
        command.Arguments.Add(name);
        command.Arguments.Add(address);
        command.Options.Add(port);
        command.Options.Add(ttl);
        return command;
    }

    private static Command AddRoute(Commands commands)
    {
        Argument<string> prefix = new("prefix") { Description = "Destination, such as 10.0.0.0/8." };
        Option<string?> via = Commands.ValueOption<string?>("--via", "ADDRESS", "Next hop.");
        Option<string?> outOf = Commands.ValueOption<string?>("--interface", "NAME", "Port, uplink or bridge.");
        Option<string?> type =
            Commands.ValueOption<string?>("--type", "unicast|blackhole|unreachable|prohibit", "What it does.");
        Command command = commands.MakePut("add", "Makes or replaces a route.",
            line => ApiPath.OfRoute(line.GetValue(prefix)),
            line => new RouteConfig
            {
                Via = line.GetValue(via),
                Interface = line.GetValue(outOf),
                Type = line.GetValue(type) ?? "unicast",
            });
        command.Arguments.Add(prefix);
        foreach (Option option in (Option[])[via, outOf, type])
            command.Options.Add(option);
        return command;
    }

    private static Command DeleteRoute(Commands commands)
    {
        Argument<string> prefix = new("prefix");
        Command command =
            commands.MakeDelete("delete", "Removes a route.", line => ApiPath.OfRoute(line.GetValue(prefix)));
        command.Arguments.Add(prefix);
        return command;
    }

    private static Command AddNeighbor(Commands commands)
    {
        Argument<string> face = new("interface");
        Argument<string> address = new("address");
        Argument<string> mac = new("mac") { Arity = ArgumentArity.ZeroOrOne };
        Command command = commands.MakePut("add", "Makes or replaces a static neighbor.",
            line => ApiPath.Of("neighbors", line.GetValue(face), line.GetValue(address)),
            line => new NeighborConfig { Mac = line.GetValue(mac) ?? "" });
        foreach (Argument argument in (Argument[])[face, address, mac])
            command.Arguments.Add(argument);
        return command;
    }

    private static Command DeleteNeighbor(Commands commands)
    {
        Argument<string> face = new("interface");
        Argument<string> address = new("address");
        Command command = commands.MakeDelete("delete", "Removes a static neighbor.",
            line => ApiPath.Of("neighbors", line.GetValue(face), line.GetValue(address)));
        command.Arguments.Add(face);
        command.Arguments.Add(address);
        return command;
    }

    private static void Add(Command root, string name, string description, params Command[] verbs)
    {
        Command noun = new(name, description);
        foreach (Command verb in verbs)
            noun.Subcommands.Add(verb);
        root.Subcommands.Add(noun);
    }
}
