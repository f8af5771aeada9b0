using System;
using System.Collections.Generic;
using System.Globalization;
using FastPath.Api;

namespace FastPath.Cli.Output;

/// <summary>The columns of each list.</summary>
internal static class Tables
{
    public static void Ports(Screen screen, IReadOnlyList<PortView> ports) => Write(screen, ports,
        ["NAME", "KIND", "STATE", "DEVICE", "BRIDGE/ADDRESS", Column.Number("MTU"), "MODE", Column.Number("RX"),
            Column.Number("TX"), "REASON"],
        port =>
        [
            port.Name, port.Kind, new Cell(port.Status.State, port.Status.State == "up" ? Mood.Good : Mood.Bad),
            port.Status.Device,
            port.Port?.Bridge ?? string.Join(' ', port.Port?.Addresses ?? port.Uplink?.Addresses ?? []),
            port.Status.Mtu, $"{port.Status.XdpMode} {port.Status.CopyMode}".Trim(),
            port.Status.Counters.GetValueOrDefault("rxPackets"), port.Status.Counters.GetValueOrDefault("txPackets"),
            port.Status.Reason,
        ]);

    public static void Bridges(Screen screen, IReadOnlyList<BridgeView> bridges) => Write(screen, bridges,
        ["NAME", "VNI", "VTEP", "PORTS", Column.Number("ADDRESSES"), "GATEWAY", "GATEWAY MAC"],
        bridge =>
        [
            bridge.Name, Number(bridge.Config.Vni), bridge.Config.Vtep ?? "", string.Join(' ', bridge.Ports),
            bridge.Addresses, string.Join(' ', bridge.Config.Gateway?.Addresses ?? []), bridge.GatewayMac,
        ]);

    public static void Vteps(Screen screen, IReadOnlyList<VtepView> vteps) => Write(screen, Tunnels(vteps),
        ["VTEP", "ADDRESS", "BRIDGE", Column.Number("VNI"), "REMOTE", "STATE", Column.Number("INNER MTU"), "BECAUSE"],
        line => line.Tunnel is { } tunnel
            ? [line.Vtep.Name, line.Vtep.Config.Address, tunnel.Bridge, tunnel.Vni, tunnel.Remote,
                new Cell(tunnel.State, tunnel.State == "up" ? Mood.Good : Mood.Odd), tunnel.InnerMtu,
                tunnel.MtuExplanation]
            : [line.Vtep.Name, line.Vtep.Config.Address, "", "", "", "", "", ""]);

    public static void Fdb(Screen screen, IReadOnlyList<FdbView> entries) => Write(screen, entries,
        ["BRIDGE", "MAC", "BEHIND", "KIND", Column.Number("AGE s")],
        entry =>
        [
            entry.Bridge, entry.Mac, entry.Target, entry.IsStatic ? "static" : "learned", Number(entry.AgeSeconds),
        ]);

    public static void Routes(Screen screen, IReadOnlyList<RouteView> routes) => Write(screen, routes,
        ["PREFIX", "TYPE", "VIA", "INTERFACE", "SOURCE"],
        route => [route.Prefix, route.Type, route.Via, route.Interface, route.Source]);

    public static void Neighbors(Screen screen, IReadOnlyList<NeighborView> neighbors) => Write(screen, neighbors,
        ["INTERFACE", "ADDRESS", "MAC", "STATE", Column.Number("AGE s")],
        neighbor => [neighbor.Interface, neighbor.Address, neighbor.Mac, neighbor.State, Number(neighbor.AgeSeconds)]);

    public static void Drops(Screen screen, IReadOnlyList<DropView> drops) => Write(screen, drops,
        [Column.Number("PACKETS"), "NODE", "REASON", "SEVERITY", "MEANING"],
        drop => [drop.Packets, drop.Node, drop.Reason, new Cell(drop.Severity, MoodOf(drop.Severity)), drop.Sentence]);

    public static void Counters(Screen screen, IReadOnlyList<CounterView> counters) => Write(screen, counters,
        ["COUNTER", Column.Number("VALUE"), "UNIT", "MEANING"],
        counter => [counter.Name, counter.Value, counter.Unit, counter.Sentence]);

    public static void Workers(Screen screen, IReadOnlyList<WorkerView> workers) => Write(screen, workers,
        [Column.Number("WORKER"), Column.Number("CPU"), "STATE", Column.Number("RECEIVED"), Column.Number("SENT"),
            Column.Number("DROPPED"), Column.Number("SLEEPS"), Column.Number("WORST POLL GAP us")],
        worker =>
        [
            worker.Index, Number(worker.Processor),
            new Cell(worker.State, worker.State == "running" ? Mood.Good : Mood.Bad),
            Value(worker, "received"), Value(worker, "sent"), Value(worker, "dropped"), Value(worker, "sleeps"),
            Value(worker, "pollGapMaxNs") / 1000,
        ]);

    public static void Events(Screen screen, IReadOnlyList<EventView> events) => Write(screen, events,
        ["TIME", "SUBJECT", "EVENT"],
        one => [one.Time, one.Subject, one.Message]);

    private static void Write<T>(
        Screen screen, IReadOnlyList<T> items, Column[] columns, Func<T, IReadOnlyList<Cell>> row)
    {
        if (items.Count == 0)
        {
            screen.Line("none");
            return;
        }

        List<IReadOnlyList<Cell>> rows = [];
        foreach (T item in items)
            rows.Add(row(item));
        screen.Table(columns, rows);
    }

    // One line for each tunnel, and one for an end point without any.
    private static List<(VtepView Vtep, TunnelView? Tunnel)> Tunnels(IReadOnlyList<VtepView> vteps)
    {
        List<(VtepView, TunnelView?)> lines = [];
        foreach (VtepView vtep in vteps)
        {
            if (vtep.Tunnels.Count == 0)
                lines.Add((vtep, null));
            foreach (TunnelView tunnel in vtep.Tunnels)
                lines.Add((vtep, tunnel));
        }

        return lines;
    }

    private static ulong Value(WorkerView worker, string name)
    {
        foreach (CounterView counter in worker.Counters)
            if (counter.Name == name)
                return counter.Value;
        return 0;
    }

    private static Mood MoodOf(string severity) => severity switch
    {
        "bug" => Mood.Bad,
        "config" or "load" => Mood.Odd,
        _ => Mood.Plain,
    };

    private static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Number(uint? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
