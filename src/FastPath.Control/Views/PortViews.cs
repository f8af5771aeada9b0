using System;
using System.Collections.Generic;
using System.Globalization;
using FastPath.Api;
using FastPath.Control.Switch;
using FastPath.Dataplane.Ports;
using FastPath.Xdp;

namespace FastPath.Control.Views;

/// <summary>Ports and uplinks as the API shows them.</summary>
internal static class PortViews
{
    /// <summary>Ports, then uplinks, then the punt port, each by name.</summary>
    public static IReadOnlyList<PortView> Of(VirtualSwitch s, ConfigDocument config)
    {
        List<PortView> views = [];
        foreach (PortSlot slot in s.Slots.Values)
            if (config.Ports.TryGetValue(slot.Name, out PortConfig? port) && slot.Key == Keys.Port(slot.Name))
                views.Add(new PortView(slot.Name, "port", port, null, StatusOf(slot, SayChecksums(port))));
        foreach (PortSlot slot in s.Slots.Values)
            if (config.Uplinks.TryGetValue(slot.Name, out UplinkConfig? uplink) && slot.Key == Keys.Uplink(slot.Name))
                views.Add(new PortView(slot.Name, "uplink", null, uplink, StatusOf(slot, "as the underlay sends them")));
        if (s.Slots.TryGetValue(Keys.Punt, out PortSlot? punt))
            views.Add(new PortView(Keys.Punt, "punt", null, null, StatusOf(punt, "host: completed by the host, whose end has tx checksum offload off")));
        return views;
    }

    private static string SayChecksums(PortConfig port) =>
        port.Checksums == ChecksumModes.Device ? "device: left partial between veths, completed elsewhere"
        : port.Container != null ? "container: complete when they come in, because fastpathd has set tx off"
        : "container: must be complete when they come in; a veth's far end needs 'ethtool -K DEVICE tx off'";

    private static PortStatus StatusOf(PortSlot slot, string checksums)
    {
        DeviceFacts facts = slot.LastFacts;
        bool isOpen = slot.Open != null;
        return new PortStatus(
            slot.State.ToString().ToLowerInvariant(),
            slot.Reason,
            slot.Since.ToString("O", CultureInfo.InvariantCulture),
            facts.Device,
            isOpen ? facts.IfIndex : 0,
            isOpen ? facts.Mac.ToString() : "",
            isOpen ? facts.Mtu : 0,
            facts.MtuExplanation,
            facts.XdpMode,
            facts.CopyMode,
            facts.Queues,
            checksums,
            facts.Missing,
            isOpen ? CountersOf(slot.Open!) : new Dictionary<string, ulong>());
    }

    internal static Dictionary<string, ulong> CountersOf(OpenPort open)
    {
        Dictionary<string, ulong> counters = [];
        foreach (PortQueue queue in open.Queues)
        {
            foreach (PortCounter counter in Enum.GetValues<PortCounter>())
                Add(counters, Names.Camel(counter.ToString()), queue.Port.Counters.Read(counter));
            if (queue.Port is XdpPort xdp && xdp.Socket.TryStatistics(out XdpStatistics kernel))
                AddKernel(counters, kernel);
        }

        return counters;
    }

    /// <summary>What the kernel lost before FastPath saw it (XDP_STATISTICS).</summary>
    private static void AddKernel(Dictionary<string, ulong> counters, XdpStatistics kernel)
    {
        const string Kernel = "kernel";
        Add(counters, Kernel + nameof(kernel.RxDropped), kernel.RxDropped);
        Add(counters, Kernel + nameof(kernel.RxInvalidDescriptors), kernel.RxInvalidDescriptors);
        Add(counters, Kernel + nameof(kernel.TxInvalidDescriptors), kernel.TxInvalidDescriptors);
        Add(counters, Kernel + nameof(kernel.RxRingFull), kernel.RxRingFull);
        Add(counters, Kernel + nameof(kernel.RxFillRingEmpty), kernel.RxFillRingEmpty);
        Add(counters, Kernel + nameof(kernel.TxRingEmpty), kernel.TxRingEmpty);
    }

    private static void Add(Dictionary<string, ulong> counters, string name, ulong value) =>
        counters[name] = counters.GetValueOrDefault(name) + value;
}
