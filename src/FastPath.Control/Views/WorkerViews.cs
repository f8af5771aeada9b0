using System;
using System.Collections.Generic;
using System.Reflection;
using FastPath.Api;
using FastPath.Control.Config;
using FastPath.Control.Switch;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Telemetry;
using FastPath.Xdp;

namespace FastPath.Control.Views;

/// <summary>Workers, their counters and drops as the API shows them.</summary>
internal static class WorkerViews
{
    private static readonly Dictionary<Counter, CounterAttribute> s_counters = AttributesOf<Counter, CounterAttribute>();
    private static readonly Dictionary<DropReason, ReasonAttribute> s_reasons = AttributesOf<DropReason, ReasonAttribute>();

    /// <summary>Drops of all workers, by node.</summary>
    public static void AddDrops(List<DropView> drops, SwitchCore core)
    {
        Graph graph = core.State.Graph;
        for (int node = 0; node < graph.Count; node++)
            foreach ((DropReason reason, ReasonAttribute about) in s_reasons)
            {
                ulong packets = 0;
                foreach (Worker worker in core.Workers)
                    packets += worker.Counters.ReadDrops(node, reason);
                if (packets != 0)
                    drops.Add(new DropView(graph.Names[node], Names.Camel(reason.ToString()),
                        about.Severity.ToString().ToLowerInvariant(), packets, about.Sentence, about.Source));
            }
    }

    public static IReadOnlyList<WorkerView> Workers(SwitchCore core, SystemSettings settings)
    {
        List<WorkerView> views = [];
        foreach (Worker worker in core.Workers)
            views.Add(new WorkerView(worker.Index, ProcessorOf(settings, worker.Index), StateOf(core, worker.Index),
                CountersOf(worker), NodesOf(worker), FramesOf(worker.Home)));
        return views;
    }

    private static int? ProcessorOf(SystemSettings settings, int index) =>
        settings.Processors.Count == 0 ? null : settings.Processors[index];

    private static string StateOf(SwitchCore core, int index) =>
        core.Threads.Count != 0 && core.Threads[index].Failure is { } failure ? "failed: " + failure.Message : "running";

    private static List<CounterView> CountersOf(Worker worker)
    {
        List<CounterView> counters = [];
        foreach ((Counter counter, CounterAttribute about) in s_counters)
            counters.Add(new CounterView(Names.Camel(counter.ToString()), about.Unit, worker.Counters.Read(counter), about.Sentence));
        return counters;
    }

    private static Dictionary<string, ulong> NodesOf(Worker worker)
    {
        Dictionary<string, ulong> nodes = [];
        for (int node = 0; node < worker.Graph.Count; node++)
            nodes[worker.Graph.Names[node]] = worker.Counters.ReadHandled(node);
        return nodes;
    }

    /// <summary>Chunks by owner: a snapshot of a table that its worker writes, so the sum may be off by what moves.</summary>
    private static Dictionary<string, int> FramesOf(Umem umem)
    {
        Span<int> counts = stackalloc int[Enum.GetValues<FrameOwner>().Length];
        umem.Count(counts);
        Dictionary<string, int> frames = [];
        foreach (FrameOwner owner in Enum.GetValues<FrameOwner>())
            frames[Names.Camel(owner.ToString())] = counts[(int)owner];
        return frames;
    }

    private static Dictionary<TEnum, TAttribute> AttributesOf<TEnum, TAttribute>()
        where TEnum : struct, Enum
        where TAttribute : Attribute
    {
        Dictionary<TEnum, TAttribute> attributes = [];
        foreach (TEnum value in Enum.GetValues<TEnum>())
            if (typeof(TEnum).GetField(value.ToString())!.GetCustomAttribute<TAttribute>() is { } attribute)
                attributes[value] = attribute;
        return attributes;
    }
}
