using System;
using System.Collections.Generic;
using FastPath.Api;

namespace FastPath.Control.Metrics;

/// <summary>
/// Ports, uplinks and the punt port: state, MTU and counters. Counters are those that a kind of port has, named as
/// the API names them: rxPackets is fastpath_port_rx_packets_total, kernelRxRingFull is
/// fastpath_xsk_rx_ring_full_total.
/// </summary>
internal sealed class PortMetrics(MetricRegistry registry)
{
    // What the kernel counts for a socket (XDP_STATISTICS).
    private const string KernelPrefix = "kernel";

    private readonly Dictionary<string, MetricFamily> _counters = [];

    private readonly MetricFamily _up = registry.Gauge("fastpath_port_up", "1 when the port forwards.", "port", "kind");

    private readonly MetricFamily _mtu =
        registry.Gauge("fastpath_port_mtu_bytes", "Largest network packet that the port takes.", "port");

    public void Update(IReadOnlyList<PortView> ports)
    {
        foreach (PortView port in ports)
        {
            _up.Set(port.Status.State == "up" ? 1 : 0, port.Name, port.Kind);
            _mtu.Set(port.Status.Mtu, port.Name);
            foreach ((string counter, ulong value) in port.Status.Counters)
                FamilyOf(counter).Set(value, port.Name);
        }

        _up.EndScrape();
        _mtu.EndScrape();
        foreach (MetricFamily family in _counters.Values)
            family.EndScrape();
    }

    private MetricFamily FamilyOf(string counter)
    {
        if (_counters.TryGetValue(counter, out MetricFamily? family))
            return family;
        string name = counter.StartsWith(KernelPrefix, StringComparison.Ordinal)
            ? $"fastpath_xsk_{MetricName.Snake(counter[KernelPrefix.Length..])}_total"
            : $"fastpath_port_{MetricName.Snake(counter)}_total";
        return _counters[counter] = registry.Counter(name, $"Port counter {counter}: docs/COUNTERS.md.", "port");
    }
}
