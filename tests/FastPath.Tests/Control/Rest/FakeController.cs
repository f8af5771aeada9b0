using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using FastPath.Api;
using FastPath.Control;
using FastPath.Dataplane.Telemetry;

namespace FastPath.Tests.Control.Rest;

/// <summary>
/// A controller without a switch: keeps a configuration with its revision, validates one rule (a port's bridge must
/// exist) and shows what is configured as its state.
/// </summary>
internal sealed class FakeController : IController
{
    private readonly Lock _turn = new();

    public ConfigRevision Current { get; private set; } = new(new ConfigDocument(), 1);

    /// <summary>Entered by every change; a test may hold it.</summary>
    public Action Changing { get; set; } = () => { };

    public List<DropView> DropList { get; } = [];

    public List<WorkerView> WorkerList { get; } = [Worker(0, received: 10)];

    public Dictionary<string, ulong> PortCounters { get; } =
        new() { ["rxPackets"] = 7, ["txBytes"] = 640, ["kernelRxRingFull"] = 1 };

    public string State { get; set; } = SystemStates.Ready;

    public List<(string? Bridge, string? Port)> Flushes { get; } = [];

    public ChangeResult Change(Func<ConfigDocument, ConfigDocument> change, bool dryRun, long? ifRevision = null)
    {
        lock (_turn)
        {
            Changing();
            if (ifRevision is { } expected && expected != Current.Revision)
                throw new RevisionConflictException(expected, Current.Revision);
            ConfigDocument next = change(Current.Config);
            Validate(next);
            List<ChangeView> changes = Differences(Current.Config, next);
            if (!dryRun && changes.Count > 0)
                Current = new ConfigRevision(next, Current.Revision + 1);
            return new ChangeResult(dryRun, Current.Revision, changes);
        }
    }

    public IReadOnlyList<PortView> Ports() =>
    [
        .. Current.Config.Ports.Select(p => new PortView(p.Key, PortKinds.Port, p.Value, null, Status())),
        .. Current.Config.Uplinks.Select(u => new PortView(u.Key, PortKinds.Uplink, null, u.Value, Status())),
        .. Current.Config.Punt == null ? [] : (PortView[])[new("fphost", PortKinds.Punt, null, null, Status())],
    ];

    public IReadOnlyList<BridgeView> Bridges() =>
        Current.Config.Bridges.Select(b => new BridgeView(b.Key, b.Value, MembersOf(b.Key), 3, "", 1500)).ToList();

    public IReadOnlyList<VtepView> Vteps() =>
        Current.Config.Vteps.Select(vtep => new VtepView(vtep.Key, vtep.Value, [])).ToList();

    public IReadOnlyList<FdbView> Fdb() =>
        Current.Config.Fdb
            .Select(entry => new FdbView(entry.Bridge, entry.Mac, entry.Port ?? $"vxlan {entry.Remote}", true, null))
            .ToList();

    public IReadOnlyList<RouteView> Routes() =>
        Current.Config.Routes
            .Select(route => new RouteView(route.Prefix, route.Type, route.Via ?? "", route.Interface ?? "", "config"))
            .ToList();

    public IReadOnlyList<NeighborView> Neighbors() =>
        Current.Config.Neighbors.Select(n => new NeighborView(n.Interface, n.Address, n.Mac, "static", null)).ToList();

    public IReadOnlyList<DropView> Drops() => DropList;

    public IReadOnlyList<WorkerView> Workers() => WorkerList;

    public int FlushFdb(string? bridge, string? port)
    {
        Flushes.Add((bridge, port));
        return 5;
    }

    public SystemView System() => new(
        "0.1.0", State, State == SystemStates.Ready ? [] : ["port web1 is down: no carrier"],
        Current.Revision, 12.5, new Dictionary<string, string> { ["busyPoll"] = "granted" },
        [new TableView("fdb", 3, 65_536)], 0.25, [new EventView("2026-01-01T00:00:00Z", "port web1", "up")]);

    public GraphView Graph() => new("digraph fastpath {\n}\n", ["ethernet-input", "port-output"]);

    /// <summary>A worker with every counter there is.</summary>
    public static WorkerView Worker(int index, ulong received) => new(index, index, "running",
        Enum.GetNames<Counter>()
            .Select(name => new CounterView(Camel(name), "packets", name == "Received" ? received : 1, ""))
            .ToList(),
        new Dictionary<string, ulong> { ["ethernet-input"] = received },
        new Dictionary<string, int> { ["free"] = 100 });

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static void Validate(ConfigDocument config)
    {
        List<FieldError> errors = config.Ports
            .Where(port => port.Value.Bridge is { } bridge && !config.Bridges.ContainsKey(bridge))
            .Select(port => new FieldError($"/ports/{port.Key}/bridge", $"there is no bridge {port.Value.Bridge}"))
            .ToList();
        if (errors.Count > 0)
            throw new InvalidConfigException(errors);
    }

    private static List<ChangeView> Differences(ConfigDocument before, ConfigDocument after) =>
        Text(before) == Text(after) ? [] : [new ChangeView("change", "config", null, null, "Rebuilds the tables.")];

    private static string Text(ConfigDocument config) =>
        JsonSerializer.Serialize(config, ApiJson.Strict.TypeOf<ConfigDocument>());

    private List<string> MembersOf(string bridge) =>
        Current.Config.Ports.Where(port => port.Value.Bridge == bridge).Select(port => port.Key).ToList();

    private PortStatus Status() => new("up", "", "2026-01-01T00:00:00Z", "eth0", 3, "02:00:00:00:00:01", 1500,
        "the device's", "native", "copy", 1, "container", [], PortCounters);
}
