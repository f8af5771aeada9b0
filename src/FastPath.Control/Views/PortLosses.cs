using System.Collections.Generic;
using FastPath.Api;

namespace FastPath.Control.Views;

/// <summary>
/// Packets lost at a port, before the first node saw them or after the last one gave them away. They belong to the list
/// of drops: who looks there for lost packets must find them all.
/// </summary>
internal static class PortLosses
{
    /// <summary>One counter of a port that counts lost packets.</summary>
    internal sealed record Loss(string Counter, string Severity, string Sentence, string Source);

    /// <summary>In the order in which a packet can meet them.</summary>
    public static IReadOnlyList<Loss> All { get; } =
    [
        new("kernelRxDropped", "load", "The kernel had no free chunk for it: packets came faster than the worker took them. "
            + "TCP slows down and sends it again; a larger MTU needs fewer packets (docs/OPERATIONS.md).", "XDP_STATISTICS"),
        new("kernelRxRingFull", "load", "The RX ring was full: packets came faster than the worker took them.", "XDP_STATISTICS"),
        new("rxOversized", "packet", "It had more descriptors than a packet may have.", ""),
        new("txDeviceDropped", "load", "The device refused it: its receiver is full or down, or it is too long.", ""),
    ];

    /// <summary>What a port has lost, given its counters.</summary>
    public static void AddTo(List<DropView> drops, string port, IReadOnlyDictionary<string, ulong> counters)
    {
        foreach (Loss loss in All)
            if (counters.TryGetValue(loss.Counter, out ulong packets) && packets != 0)
                drops.Add(new DropView(port, loss.Counter, loss.Severity, packets, loss.Sentence, loss.Source));
    }
}
