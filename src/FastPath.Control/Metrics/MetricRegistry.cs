using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Prometheus;

namespace FastPath.Control.Metrics;

/// <summary>
/// Families of metrics and their text form. With <see cref="MetricFamily"/> the only place that knows prometheus-net,
/// which is no longer maintained: another library, or none, would replace these two files.
/// </summary>
internal sealed class MetricRegistry
{
    /// <summary>Text format 0.0.4.</summary>
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    // No value is shown before it was read once.
    private static readonly CounterConfiguration s_counters = new() { SuppressInitialValue = true };
    private static readonly GaugeConfiguration s_gauges = new() { SuppressInitialValue = true };

    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly MetricFactory _factory;

    public MetricRegistry() => _factory = Prometheus.Metrics.WithCustomRegistry(_registry);

    /// <summary>A family whose values only grow; its name ends with _total.</summary>
    public MetricFamily Counter(string name, string help, params string[] labels) =>
        new CounterFamily(_factory.CreateCounter(name, help, labels, s_counters));

    /// <summary>A family whose values go up and down.</summary>
    public MetricFamily Gauge(string name, string help, params string[] labels) =>
        new GaugeFamily(_factory.CreateGauge(name, help, labels, s_gauges));

    public Task Write(Stream stream, CancellationToken cancel) => _registry.CollectAndExportAsTextAsync(stream, cancel);
}
