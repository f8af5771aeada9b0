using System;
using System.Collections.Generic;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// The chains of enabled features of all ports of a generation. A chain is a run of edges that ends with the arc's end;
/// ports with the same features share one. A packet carries its place as one byte.
/// </summary>
[Shared]
public sealed class FeatureChains
{
    private FeatureChains(Edge[] steps, ulong arcs)
    {
        Steps = steps;
        _arcs = arcs;
    }

    private readonly ulong _arcs;

    /// <summary>No feature is enabled anywhere.</summary>
    public static FeatureChains Empty { get; } = new(new Edge[Limits.FeatureStepsMax], 0);

    /// <summary>Edges of all chains, one behind the other; number 0 is no step.</summary>
    internal Edge[] Steps { get; }

    /// <summary>Whether any port has a feature on the arc: without, nodes do not look at ports for it.</summary>
    public bool HasAny(Arc arc) => (_arcs >> (int)arc & 1) != 0;

    /// <summary>
    /// Moves packets whose port has features on the arc to the first of them; returns the others, which the caller
    /// sends to the arc's end.
    /// </summary>
    internal static PacketSet Start(Worker worker, Batch batch, PacketSet packets, Arc arc, bool isOutput = false)
    {
        PacketSet rest = packets;
        foreach (int slot in packets)
        {
            ushort port = isOutput ? batch[slot].TxPort : batch[slot].RxPort;
            byte chain = worker.Tables.Ports[port].Chains[arc];
            if (chain == 0)
                continue;
            batch.StartFeatures(slot, chain);
            rest -= PacketSet.Of(slot);
        }

        return rest;
    }

    /// <summary>Puts the chains of a generation together.</summary>
    [Control]
    public sealed class Builder(Graph graph)
    {
        private readonly Edge[] _steps = new Edge[Limits.FeatureStepsMax];
        private readonly Dictionary<string, byte> _chains = [];
        private int _count = 1;
        private ulong _arcs;

        /// <summary>
        /// The chain for a set of features on an arc, in the order the features declare; 0 for an empty set.
        /// </summary>
        /// <exception cref="ArgumentException">A name is no feature of this arc.</exception>
        /// <exception cref="InvalidOperationException">More than 255 steps in all.</exception>
        public byte Chain(Arc arc, IReadOnlySet<string> features)
        {
            if (features.Count == 0)
                return 0;
            List<string> ordered = [];
            foreach (string name in graph.FeaturesOf(arc))
                if (features.Contains(name))
                    ordered.Add(name);
            if (ordered.Count != features.Count)
                throw new ArgumentException(
                    $"{string.Join(", ", features)}: not all are features of {arc}", nameof(features));
            string key = $"{arc}:{string.Join(',', ordered)}";
            if (!_chains.TryGetValue(key, out byte first))
                _chains[key] = first = Append(arc, ordered);
            return first;
        }

        public FeatureChains Build() => new([.. _steps], _arcs);

        private byte Append(Arc arc, List<string> ordered)
        {
            if (_count + ordered.Count + 1 > Limits.FeatureStepsMax)
                throw new InvalidOperationException(
                    $"more than {Limits.FeatureStepsMax - 1} feature steps in all chains");
            byte first = (byte)_count;
            foreach (string name in ordered)
                _steps[_count++] = graph.EdgeTo(name);
            _steps[_count++] = graph.EdgeTo(ArcEnds.Of(arc));
            _arcs |= 1UL << (int)arc;
            return first;
        }
    }
}

/// <summary>Where each arc begins and ends.</summary>
[Shared]
internal static class ArcEnds
{
    public static string StartOf(Arc arc) => arc switch
    {
        Arc.L2Input => "ethernet-input",
        Arc.Ip4Unicast => "ip4-input",
        Arc.Ip6Unicast => "ip6-input",
        Arc.Ip4Output => "ip4-rewrite",
        _ => "ip6-rewrite",
    };

    public static string Of(Arc arc) => arc switch
    {
        Arc.L2Input => "l2-forward",
        Arc.Ip4Unicast => "ip4-lookup",
        Arc.Ip6Unicast => "ip6-lookup",
        _ => "port-output",
    };
}
