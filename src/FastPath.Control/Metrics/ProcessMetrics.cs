using System;
using System.Globalization;
using FastPath.Api;

namespace FastPath.Control.Metrics;

/// <summary>
/// The process: garbage collections and their pauses, because they stop the workers too, memory and CPU time.
/// </summary>
internal sealed class ProcessMetrics(MetricRegistry registry)
{
    private readonly MetricFamily _collections =
        registry.Counter("fastpath_gc_collections_total", "Garbage collections, by generation.", "generation");

    private readonly MetricFamily _paused =
        registry.Counter("fastpath_gc_pause_seconds_total", "Time that garbage collections stopped all threads.");

    private readonly MetricFamily _longest =
        registry.Gauge("fastpath_gc_pause_max_seconds", "Longest stop by one garbage collection since start.");

    private readonly MetricFamily _allocated = registry.Counter("fastpath_gc_allocated_bytes_total",
        "Managed memory allocated. Workers allocate none: what grows here is the control plane's.");

    private readonly MetricFamily _heap =
        registry.Gauge("fastpath_gc_heap_bytes", "Managed memory after the last collection.");

    private readonly MetricFamily _resident =
        registry.Gauge("process_resident_memory_bytes", "Memory of the process that is resident.");

    private readonly MetricFamily _processor =
        registry.Counter("process_cpu_seconds_total", "CPU time of the process, user and system.");

    public void Update(SystemView system)
    {
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
            _collections.Set(GC.CollectionCount(generation), generation.ToString(CultureInfo.InvariantCulture));
        _paused.Set(GC.GetTotalPauseDuration().TotalSeconds);
        _longest.Set(system.GcPauseMaxMs / 1000);
        _allocated.Set(GC.GetTotalAllocatedBytes());
        _heap.Set(GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes);
        _resident.Set(Environment.WorkingSet);
        _processor.Set(Environment.CpuUsage.TotalTime.TotalSeconds);
    }
}
