using System;
using System.Collections.Generic;
using System.Threading;
using FastPath.Api;
using FastPath.Control.Config;
using FastPath.Control.Plans;
using FastPath.Control.Switch;
using FastPath.Control.Views;

namespace FastPath.Control;

/// <summary>One configuration with its revision, and the switch that carries it out.</summary>
internal sealed class Controller : IController
{
    private readonly Lock _changing = new();
    private readonly VirtualSwitch _switch;
    private readonly SystemViews _system;
    private readonly EventLog _events;
    private ConfigRevision _current;

    /// <param name="virtualSwitch">Not started yet.</param>
    /// <param name="config">The first configuration; starts the switch with it.</param>
    /// <param name="system">What the daemon knows about itself.</param>
    /// <param name="events">Hears of every change that was applied.</param>
    public Controller(VirtualSwitch virtualSwitch, ConfigDocument config, SystemViews system, EventLog events)
    {
        _events = events;
        _switch = virtualSwitch;
        _system = system;
        _switch.Start(Validator.Check(config));
        _current = new ConfigRevision(config, 1);
    }

    public ConfigRevision Current => Volatile.Read(ref _current);

    public ChangeResult Change(Func<ConfigDocument, ConfigDocument> change, bool dryRun, long? ifRevision = null)
    {
        lock (_changing)
        {
            (ConfigDocument before, long revision) = (_current.Config, _current.Revision);
            if (ifRevision is long expected && expected != revision)
                throw new RevisionConflictException(expected, revision);
            ConfigDocument next = change(before);
            DataplaneConfig config = Validator.Check(next);
            IReadOnlyList<Change> changes = Plan.Diff(before, next);
            RefuseRestart(changes, config);
            List<ChangeView> views = ViewsOf(changes, config);
            if (dryRun || changes.Count == 0)
                return new ChangeResult(dryRun, revision, views);
            _switch.Apply(config);
            Volatile.Write(ref _current, new ConfigRevision(next, revision + 1));
            _events.Add("config", $"revision {revision + 1}: {Sentence(changes)}");
            return new ChangeResult(false, revision + 1, views);
        }
    }

    public IReadOnlyList<PortView> Ports() => _switch.Read(s => PortViews.Of(s, Current.Config));

    public IReadOnlyList<BridgeView> Bridges() => _switch.Read(s => NetworkViews.Bridges(s, Current.Config));

    public IReadOnlyList<VtepView> Vteps() => _switch.Read(s => NetworkViews.Vteps(s, Current.Config));

    public IReadOnlyList<FdbView> Fdb() => _switch.Read(TableViews.Fdb);

    public IReadOnlyList<RouteView> Routes() => _switch.Read(TableViews.Routes);

    public IReadOnlyList<NeighborView> Neighbors() => _switch.Read(TableViews.Neighbors);

    public IReadOnlyList<DropView> Drops() => _switch.Read(DropViews.Of);

    public IReadOnlyList<WorkerView> Workers() => _switch.Read(s => WorkerViews.Workers(s.Core, s.Config.System));

    public int FlushFdb(string? bridge, string? port) => _switch.FlushAddresses(bridge, port);

    public SystemView System() => _switch.Read(s => _system.Of(s, Current.Revision));

    /// <summary>Why not everything that is configured works; quicker than <see cref="System"/>.</summary>
    public IReadOnlyList<string> Reasons() => _switch.Read(SystemViews.Reasons);

    public GraphView Graph() => new(_switch.Core.State.Graph.ToDot(), _switch.Core.State.Graph.Names);

    private List<ChangeView> ViewsOf(IReadOnlyList<Change> changes, DataplaneConfig next)
    {
        HashSet<string> opened = [.. PortChanges.Between(_switch.Read(s => s.Config), next).Opened];
        List<ChangeView> views = [];
        foreach (Change one in changes)
            views.Add(one.ToView(Effects.Of(one, opened)));
        return views;
    }

    // "changed bridges/back, added ports/x".
    private static string Sentence(IReadOnlyList<Change> changes)
    {
        List<string> names = [];
        foreach (Change change in changes)
            names.Add(change.Kind switch
            {
                ChangeKind.Add => $"added {change.Path}",
                ChangeKind.Remove => $"removed {change.Path}",
                _ => $"changed {change.Path}",
            });
        return NameList.Of(names);
    }

    /// <summary>Workers and memory are made at the start.</summary>
    private void RefuseRestart(IReadOnlyList<Change> changes, DataplaneConfig config)
    {
        foreach (Change change in changes)
            if (change.ObjectKind == "system" && !_system.IsSame(config.System))
                throw new InvalidConfigException(
                    [new FieldError("/system", "workers and memory are set up at the start: change the file and restart fastpathd")]);
    }
}
