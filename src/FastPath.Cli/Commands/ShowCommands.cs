using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using FastPath.Api;
using FastPath.Cli.Output;

namespace FastPath.Cli.Commands;

/// <summary>Commands that only look: show, ports, bridges, ... and graph.</summary>
internal static class ShowCommands
{
    /// <summary>What the severity of a drop can be.</summary>
    public static readonly string[] Severities = ["normal", "packet", "config", "load", "bug"];

    public static void AddTo(Command root, Commands commands)
    {
        root.Subcommands.Add(Overview(commands));
        root.Subcommands.Add(Ports(commands));
        root.Subcommands.Add(List<PortView>(commands, "uplinks", "Uplinks with their state.", Tables.Ports));
        root.Subcommands.Add(List<BridgeView>(commands, "bridges", "Bridges and their members.", Tables.Bridges));
        root.Subcommands.Add(List<VtepView>(commands, "vteps", "VXLAN tunnels.", Tables.Vteps));
        root.Subcommands.Add(Fdb(commands));
        root.Subcommands.Add(List<RouteView>(commands, "routes", "Routes.", Tables.Routes));
        root.Subcommands.Add(List<NeighborView>(commands, "neighbors", "Neighbors.", Tables.Neighbors));
        root.Subcommands.Add(Drops(commands));
        root.Subcommands.Add(List<CounterView>(commands, "counters", "Counters of the whole switch.", Tables.Counters));
        root.Subcommands.Add(List<WorkerView>(commands, "workers", "Workers and what they did.", Tables.Workers));
        root.Subcommands.Add(List<EventView>(commands, "events", "Latest changes of state.", Tables.Events));
        root.Subcommands.Add(commands.Make("graph", "The graph of nodes in Graphviz's language.", Graph));
    }

    private static Command List<T>(
        Commands commands, string path, string description, Action<Screen, IReadOnlyList<T>> write) =>
        commands.Make(path, description, (session, _, cancel) => WriteList(session, path, write, cancel));

    private static async Task<int> WriteList<T>(
        Session session, string path, Action<Screen, IReadOnlyList<T>> write, CancellationToken cancel)
    {
        if (session.IsJson)
            await session.WriteJson(path, cancel);
        else
            write(session.Screen, (await session.Client.Get<Items<T>>(path, cancel)).List);
        return ExitCode.Ok;
    }

    private static Command Fdb(Commands commands)
    {
        Command fdb = List<FdbView>(commands, "fdb", "Forwarding database: who is behind which port.", Tables.Fdb);
        NetworkCommands.AddToFdb(fdb, commands);
        Option<string?> bridge = Commands.ValueOption<string?>("--bridge", "BRIDGE", "Of this bridge only.");
        Option<string?> port = Commands.ValueOption<string?>("--port", "PORT", "Behind this port only.");
        Command flush = commands.Make("flush", "Forgets learned addresses; static entries stay.",
            async (session, line, cancel) =>
            {
                FlushResult result = await session.Client.FlushFdb(line.GetValue(bridge), line.GetValue(port), cancel);
                if (session.IsJson)
                    JsonText.Write(session.Terminal.Output, result);
                else
                    session.Screen.Line($"{result.Removed} addresses forgotten");
                return ExitCode.Ok;
            });
        flush.Options.Add(bridge);
        flush.Options.Add(port);
        fdb.Subcommands.Add(flush);
        return fdb;
    }

    // For programs it is the list of the API, in which the punt port is not.
    private static Command Ports(Commands commands) =>
        commands.Make("ports", "Ports and the punt port with their state.", async (session, _, cancel) =>
        {
            if (session.IsJson)
                await session.WriteJson("ports", cancel);
            else
                Tables.Ports(session.Screen,
                    [.. (await session.Client.Ports(cancel)).List, .. await Punt(session.Client, cancel)]);
            return ExitCode.Ok;
        });

    private static Command Drops(Commands commands)
    {
        Option<string?> severity =
            Commands.ValueOption<string?>("--severity", string.Join('|', Severities), "Of this severity only.");
        severity.AcceptOnlyFromAmong(Severities);
        Command drops = commands.Make("drops", "Why packets were dropped.", async (session, line, cancel) =>
        {
            if (line.GetValue(severity) is not { } only)
                return await WriteList<DropView>(session, "drops", Tables.Drops, cancel);
            Items<DropView> all = await session.Client.Drops(cancel);
            List<DropView> some = [];
            foreach (DropView drop in all.List)
                if (drop.Severity == only)
                    some.Add(drop);
            if (session.IsJson)
                JsonText.Write(session.Terminal.Output, all with { List = some });
            else
                Tables.Drops(session.Screen, some);
            return ExitCode.Ok;
        });
        drops.Options.Add(severity);
        return drops;
    }

    private static async Task<IReadOnlyList<PortView>> AllPorts(FastPathClient client, CancellationToken cancel) =>
        [.. (await client.Ports(cancel)).List, .. (await client.Uplinks(cancel)).List, .. await Punt(client, cancel)];

    // The punt port as one of a list; none when there is none.
    private static async Task<IReadOnlyList<PortView>> Punt(FastPathClient client, CancellationToken cancel)
    {
        try
        {
            PuntView punt = await client.Get<PuntView>("punt", cancel);
            return punt.Status is { } status ? [new PortView("punt", PortKinds.Punt, null, null, status)] : [];
        }
        catch (FastPathException e) when (e.Status == 404)
        {
            return [];
        }
    }

    private static async Task<int> Graph(Session session, ParseResult line, CancellationToken cancel)
    {
        if (session.IsJson)
            await session.WriteJson("graph", cancel);
        else
            await session.Terminal.Output.WriteAsync(await session.Client.Text("graph", "text/vnd.graphviz", cancel));
        return ExitCode.Ok;
    }

    private static Command Overview(Commands commands) =>
        commands.Make("show", "The switch at a glance.", async (session, _, cancel) =>
        {
            if (session.IsJson)
            {
                await session.WriteJson("system", cancel);
                return ExitCode.Ok;
            }

            SystemView system = await session.Client.System(cancel);
            Screen screen = session.Screen;
            screen.Heading($"FastPath {system.Version}: {system.State}");
            foreach (string reason in system.Reasons)
                screen.Line($"  {reason}");
            screen.Line(string.Create(CultureInfo.InvariantCulture,
                $"revision {system.Revision}, up {Uptime(system.UptimeSeconds)}, "
                + $"longest GC pause {system.GcPauseMaxMs:0.00} ms"));
            screen.Heading("\nPorts");
            Tables.Ports(screen, await AllPorts(session.Client, cancel));
            screen.Heading("\nDrops");
            Tables.Drops(screen, First((await session.Client.Drops(cancel)).List, 5));
            screen.Heading("\nEvents");
            Tables.Events(screen, Last(system.Events, 5));
            return ExitCode.Ok;
        });

    private static string Uptime(double seconds)
    {
        TimeSpan time = TimeSpan.FromSeconds(seconds);
        return time.TotalDays >= 1 ? $"{(int)time.TotalDays} d {time.Hours} h"
            : time.TotalHours >= 1 ? $"{time.Hours} h {time.Minutes} min"
            : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds} s" : $"{time.Seconds} s";
    }

    private static List<T> First<T>(IReadOnlyList<T> list, int count)
    {
        List<T> some = [];
        for (int n = 0; n < Math.Min(count, list.Count); n++)
            some.Add(list[n]);
        return some;
    }

    private static List<T> Last<T>(IReadOnlyList<T> list, int count)
    {
        List<T> some = [];
        for (int n = Math.Max(0, list.Count - count); n < list.Count; n++)
            some.Add(list[n]);
        return some;
    }
}
