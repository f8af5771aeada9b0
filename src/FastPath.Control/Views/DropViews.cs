using System.Collections.Generic;
using FastPath.Api;
using FastPath.Control.Switch;

namespace FastPath.Control.Views;

/// <summary>Everything that was lost, as the API shows it.</summary>
internal static class DropViews
{
    /// <summary>Drops of all workers and what ports have lost, most packets first.</summary>
    public static IReadOnlyList<DropView> Of(VirtualSwitch s)
    {
        List<DropView> drops = [];
        WorkerViews.AddDrops(drops, s.Core);
        foreach (PortSlot slot in s.Slots.Values)
            if (slot.Open is { } open)
                PortLosses.AddTo(drops, slot.Key, PortViews.CountersOf(open));
        drops.Sort((a, b) => b.Packets.CompareTo(a.Packets));
        return drops;
    }
}
