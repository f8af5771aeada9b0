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
    public static void AddTo(Command root, Commands commands)
    {
        root.Subcommands.Add(Overview(commands));
        root.Subcommands.Add(List<PortView>(commands, "ports", "Ports with their state.", Tables.Ports));
        root.Subcommands.Add(List<PortView>(commands, "uplinks", "Uplinks with their state.", Tables.Ports));
        root.Subcommands.Add(List<BridgeView>(commands, "bridges", "Bridges and their members.", Tables.Bridges));
        root.Subcommands.Add(List<VtepView>(commands, "vteps", "VXLAN tunnels.", Tables.Vteps));
        root.Subcommands.Add(Fdb(commands));
        root.Subcommands.Add(List<RouteView>(commands, "routes", "Routes.", Tables.Routes));
        root.Subcommands.Add(List<NeighborView>(commands, "neighbors", "Neighbors.", Tables.Neighbors));
        root.Subcommands.Add(List<DropView>(commands, "drops", "Why packets were dropped.", Tables.Drops));
        root.Subcommands.Add(List<CounterView>(commands, "counters", "Counters of the whole switch.", Tables.Counters));
        root.Subcommands.Add(List<WorkerView>(commands, "workers", "Workers and what they did.", Tables.Workers));
        root.Subcommands.Add(List<EventView>(commands, "events", "Latest changes of state.", Tables.Events));
        root.Subcommands.Add(commands.Make("graph", "The graph of nodes in Graphviz's language.", Graph));
    }

    private static Command List<T>(
        Commands commands, string path, string description, Action<Screen, IReadOnlyList<T>> write) =>
        commands.Make(path, description, async (session, _, cancel) =>
        {
            if (session.IsJson)
                await session.WriteJson(path, cancel);
            else
                write(session.Screen, (await session.Client.Get<Items<T>>(path, cancel)).List);
            return ExitCode.Ok;
        });

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

    private static async Task<IReadOnlyList<PortView>> AllPorts(FastPathClient client, CancellationToken cancel) =>
        [.. (await client.Ports(cancel)).List, .. (await client.Uplinks(cancel)).List];

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
