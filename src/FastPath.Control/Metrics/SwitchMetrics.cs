using System.Collections.Generic;
using FastPath.Api;

namespace FastPath.Control.Metrics;

/// <summary>The switch as a whole: drops, tables, readiness, revision.</summary>
internal sealed class SwitchMetrics(MetricRegistry registry)
{
    private readonly MetricFamily _drops = registry.Counter("fastpath_drops_total",
        "Packets that were not forwarded, by the node that dropped and the reason.", "node", "reason", "severity");

    private readonly MetricFamily _entries = registry.Gauge("fastpath_table_entries", "Entries in use.", "table");

    private readonly MetricFamily _capacity =
        registry.Gauge("fastpath_table_capacity", "Entries at most, where more than memory bounds them.", "table");

    private readonly MetricFamily _addresses =
        registry.Gauge("fastpath_bridge_addresses", "MAC addresses known in a bridge.", "bridge");

    private readonly MetricFamily _build =
        registry.Gauge("fastpath_build_info", "1; the version is a label.", "version");

    private readonly MetricFamily _ready = registry.Gauge("fastpath_ready", "1 when fastpathd forwards as configured.");

    private readonly MetricFamily _revision =
        registry.Gauge("fastpath_config_revision", "Changes of the configuration since start.");

    private readonly MetricFamily _uptime = registry.Gauge("fastpath_uptime_seconds", "Time since fastpathd started.");

    public void Update(SystemView system, IReadOnlyList<DropView> drops, IReadOnlyList<BridgeView> bridges)
    {
        foreach (DropView drop in drops)
            _drops.Set(drop.Packets, drop.Node, drop.Reason, drop.Severity);
        foreach (TableView table in system.Tables)
        {
            _entries.Set(table.Entries, table.Name);
            if (table.Capacity is int capacity)
                _capacity.Set(capacity, table.Name);
        }

        foreach (BridgeView bridge in bridges)
            _addresses.Set(bridge.Addresses, bridge.Name);
        _build.Set(1, system.Version);
        _ready.Set(system.State == SystemStates.Ready ? 1 : 0);
        _revision.Set(system.Revision);
        _uptime.Set(system.UptimeSeconds);
        foreach (MetricFamily family in (MetricFamily[])[_drops, _entries, _capacity, _addresses, _build])
            family.EndScrape();
    }
}
