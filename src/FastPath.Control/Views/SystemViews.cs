using System;
using System.Collections.Generic;
using System.Text.Json;
using FastPath.Api;
using FastPath.Control.Config;
using FastPath.Control.Daemon;
using FastPath.Control.Switch;
using FastPath.Xdp;
using Stopwatch = System.Diagnostics.Stopwatch;

namespace FastPath.Control.Views;

/// <summary>What fastpathd is and how it does.</summary>
/// <param name="settings">What it was started with.</param>
/// <param name="grants">Features that were asked for, and granted.</param>
/// <param name="events">Changes of state.</param>
/// <param name="pauses">Of the garbage collector.</param>
internal sealed class SystemViews(
    SystemSettings settings, Func<FeatureGrants> grants, EventLog events, PauseWatch pauses)
{
    private readonly Stopwatch _uptime = Stopwatch.StartNew();

    /// <summary>Whether settings are those of the start.</summary>
    public bool IsSame(SystemSettings next) => JsonSerializer.Serialize(settings) == JsonSerializer.Serialize(next);

    public SystemView Of(VirtualSwitch s, long revision)
    {
        List<string> reasons = Reasons(s);
        return new SystemView(FastPathVersion.Text, reasons.Count == 0 ? "ready" : "degraded", reasons, revision,
            _uptime.Elapsed.TotalSeconds, Features(), Tables(s), pauses.Longest.TotalMilliseconds, events.Latest());
    }

    private static List<TableView> Tables(VirtualSwitch s)
    {
        int routes4 = 0;
        foreach (RouteRecord route in s.Built.Routes)
            routes4 += route.Prefix.IsV4 ? 1 : 0;
        return
        [
            new TableView("fdb", s.Core.State.Fdb.Count, s.Core.State.Fdb.Capacity),
            new TableView("neighbors", s.Core.State.Neighbors.Count, s.Core.State.Neighbors.Capacity),
            new TableView("fib4", routes4, null),
            new TableView("fib6", s.Built.Routes.Count - routes4, null),
            new TableView("tunnels", s.Built.Tunnels.Count, null),
        ];
    }

    /// <summary>Why not everything that is configured works; one sentence each.</summary>
    public static List<string> Reasons(VirtualSwitch s)
    {
        List<string> reasons = [];
        if (s.Core.Failure is { } failure)
            reasons.Add($"a worker has stopped: {failure.Message}");
        foreach (PortSlot slot in s.Slots.Values)
            if (slot.State is PortState.Missing or PortState.Failed)
                reasons.Add($"{slot.Key} is {slot.State.ToString().ToLowerInvariant()}: {slot.Reason}");
        return reasons;
    }

    private Dictionary<string, string> Features()
    {
        Dictionary<string, string> features = [];
        FeatureGrants now = grants();
        foreach (KernelFeature feature in SystemRules.AllFeatures())
            if (settings.Refused.HasFlag(feature))
                features[SystemRules.NameOf(feature)] = "refused";
            else if (now.Asked.HasFlag(feature))
                features[SystemRules.NameOf(feature)] = now.IsMissing(feature) ? "missing" : "granted";
        return features;
    }
}
