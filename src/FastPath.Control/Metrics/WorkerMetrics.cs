using System.Collections.Generic;
using System.Globalization;
using FastPath.Api;

namespace FastPath.Control.Metrics;

/// <summary>
/// Workers: their counters with unit and help from the enum's attributes, what their nodes handled, their frames.
/// </summary>
internal sealed class WorkerMetrics
{
    private const string Nanoseconds = "ns";
    private const double SecondsPerNanosecond = 1e-9;

    private readonly Dictionary<string, (MetricFamily Family, double Scale)> _counters = [];
    private readonly MetricFamily _nodes;
    private readonly MetricFamily _frames;

    public WorkerMetrics(MetricRegistry registry)
    {
        foreach (CounterCatalog.Entry counter in CounterCatalog.All)
            _counters[counter.Name] = Declare(registry, counter);
        _nodes = registry.Counter(
            "fastpath_node_packets_total", "Packets a node of the graph handled.", "worker", "node");
        _frames = registry.Gauge(
            "fastpath_worker_frames", "Chunks of the worker's packet memory, by owner.", "worker", "owner");
    }

    public void Update(IReadOnlyList<WorkerView> workers)
    {
        foreach (WorkerView worker in workers)
        {
            string index = worker.Index.ToString(CultureInfo.InvariantCulture);
            foreach (CounterView counter in worker.Counters)
                if (_counters.TryGetValue(counter.Name, out (MetricFamily Family, double Scale) known))
                    known.Family.Set(counter.Value * known.Scale, index);
            foreach ((string node, ulong packets) in worker.Nodes)
                _nodes.Set(packets, index, node);
            foreach ((string owner, int frames) in worker.Frames)
                _frames.Set(frames, index, owner);
        }

        foreach ((MetricFamily family, _) in _counters.Values)
            family.EndScrape();
        _nodes.EndScrape();
        _frames.EndScrape();
    }

    // Prometheus counts time in seconds.
    private static (MetricFamily Family, double Scale) Declare(MetricRegistry registry, CounterCatalog.Entry counter)
    {
        bool isTime = counter.Unit == Nanoseconds;
        string name = "fastpath_worker_" + (isTime
            ? MetricName.Snake(counter.Name[..^Nanoseconds.Length]) + "_seconds"
            : MetricName.WithUnit(counter.Name, counter.Unit));
        MetricFamily family = counter.IsMaximum
            ? registry.Gauge(name, counter.Sentence, "worker")
            : registry.Counter(name + "_total", counter.Sentence, "worker");
        return (family, isTime ? SecondsPerNanosecond : 1);
    }
}
