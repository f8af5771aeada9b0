using System;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// A stretch of the graph on which features can be enabled for each port, in an order that the features declare.
/// Without features packets take the edge from its start to its end.
/// </summary>
public enum Arc : byte
{
    /// <summary>Frames of a bridged port, by the port they came in: ethernet-input to l2-forward.</summary>
    L2Input,

    /// <summary>IPv4 packets, by the interface they came in: ip4-input to ip4-lookup.</summary>
    Ip4Unicast,

    /// <summary>IPv6 packets, by the interface they came in: ip6-input to ip6-lookup.</summary>
    Ip6Unicast,

    /// <summary>Forwarded IPv4 frames, by the device they leave by: ip4-rewrite to port-output.</summary>
    Ip4Output,

    /// <summary>Forwarded IPv6 frames, by the device they leave by: ip6-rewrite to port-output.</summary>
    Ip6Output,
}

/// <summary>Makes a node a feature of an arc. Enabling it on a port is configuration.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class FeatureAttribute(Arc arc) : Attribute
{
    public Arc Arc { get; } = arc;

    /// <summary>Features of the same arc that come earlier, by node name.</summary>
    public string[] After { get; init; } = [];

    /// <summary>Features of the same arc that come later, by node name.</summary>
    public string[] Before { get; init; } = [];
}

/// <summary>
/// First step of a port's chain on each arc; 0 where no feature is enabled. Immutable within a generation.
/// </summary>
[Shared]
public readonly record struct ArcChains(byte L2Input, byte Ip4Unicast, byte Ip6Unicast, byte Ip4Output, byte Ip6Output)
{
    public byte this[Arc arc] => arc switch
    {
        Arc.L2Input => L2Input,
        Arc.Ip4Unicast => Ip4Unicast,
        Arc.Ip6Unicast => Ip6Unicast,
        Arc.Ip4Output => Ip4Output,
        _ => Ip6Output,
    };
}
