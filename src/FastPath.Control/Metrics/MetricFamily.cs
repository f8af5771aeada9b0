using System.Collections.Generic;
using Prometheus;

namespace FastPath.Control.Metrics;

/// <summary>
/// One metric with all its label values. A scrape sets those that exist; what it did not set is gone: the port was
/// removed.
/// </summary>
internal abstract class MetricFamily
{
    private readonly Dictionary<string, Series> _series = [];
    private readonly List<string> _gone = [];
    private int _scrape;

    public void Set(double value, params string[] labels)
    {
        string key = string.Join('\n', labels);
        if (!_series.TryGetValue(key, out Series? series))
            _series[key] = series = new Series(labels);
        series.Scrape = _scrape;
        SetValue(value, series.Labels);
    }

    /// <summary>Forgets what was not set since the last call.</summary>
    public void EndScrape()
    {
        foreach ((string key, Series series) in _series)
            if (series.Scrape != _scrape)
                _gone.Add(key);
        foreach (string key in _gone)
            if (_series.Remove(key, out Series? series))
                Remove(series.Labels);
        _gone.Clear();
        _scrape++;
    }

    protected abstract void SetValue(double value, string[] labels);

    protected abstract void Remove(string[] labels);

    private sealed class Series(string[] labels)
    {
        public string[] Labels { get; } = labels;

        public int Scrape { get; set; }
    }
}

/// <summary>Values that only grow, and start again when what they count was made anew.</summary>
internal sealed class CounterFamily(Counter counter) : MetricFamily
{
    protected override void SetValue(double value, string[] labels)
    {
        Counter.Child child = counter.WithLabels(labels);
        if (value < child.Value)
        {
            // A port of the same name was made again. Prometheus takes a smaller value for a restart, which it was.
            counter.RemoveLabelled(labels);
            child = counter.WithLabels(labels);
        }

        child.IncTo(value);
    }

    protected override void Remove(string[] labels) => counter.RemoveLabelled(labels);
}

/// <summary>Values that go up and down.</summary>
internal sealed class GaugeFamily(Gauge gauge) : MetricFamily
{
    protected override void SetValue(double value, string[] labels) => gauge.WithLabels(labels).Set(value);

    protected override void Remove(string[] labels) => gauge.RemoveLabelled(labels);
}
