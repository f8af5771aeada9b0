using System;

namespace FastPath.Dataplane.Telemetry;

/// <summary>Unit and meaning of a worker's counter.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class CounterAttribute(string unit, string sentence) : Attribute
{
    public string Unit { get; } = unit;

    public string Sentence { get; } = sentence;

    /// <summary>Keeps the largest value seen, where others count up.</summary>
    public bool IsMaximum { get; init; }
}

/// <summary>Counters of one worker that are not drops. The first ten close the account of packets.</summary>
public enum Counter : byte
{
    [Counter("packets", "Taken from ports.")]
    Received,

    [Counter("packets", "Made by FastPath: ARP, neighbor discovery, ICMP errors.")]
    Created,

    [Counter("packets", "Copies made to flood one packet to several ports.")]
    Copies,

    [Counter("packets", "Given to ports.")]
    Sent,

    [Counter("packets", "Dropped, each under one reason.")]
    Dropped,

    [Counter("packets", "Handled inside: ARP and neighbor discovery answers taken in, flood originals.")]
    Consumed,

    [Counter("packets", "Put to wait for a neighbor.")]
    Held,

    [Counter("packets", "Taken from a hold queue again.")]
    Released,

    [Counter("packets", "Given to another worker that has the transmit queue.")]
    HandedOut,

    [Counter("packets", "Taken from other workers.")]
    HandedIn,

    [Counter("batches", "Batches that walked the graph.")]
    Batches,

    [Counter("polls", "Turns of the worker's loop.")]
    Polls,

    [Counter("polls", "Turns that found no packet.")]
    EmptyPolls,

    [Counter("sleeps", "Times the worker slept until a packet, an event or a timer.")]
    Sleeps,

    [Counter("ns", "Longest time between two polls while awake.", IsMaximum = true)]
    PollGapMaxNs,

    [Counter("ns", "Longest time between two polls while awake, in the last one to two seconds.")]
    PollGapRecentNs,

    [Counter("events", "Learn events lost because the ring to another worker was full.")]
    LearnLost,

    [Counter("packets", "Copied into another UMEM to leave by its port.")]
    CrossUmemCopies,

    [Counter("addresses", "MAC addresses learned.")]
    AddressesLearned,

    [Counter("addresses", "MAC addresses that moved to another port.")]
    AddressesMoved,

    [Counter("packets", "From MAC addresses that were not learned: no room in the table near their place.")]
    AddressesRefused,

    [Counter("neighbors", "Neighbors not kept: no room in the table.")]
    NeighborsRefused,

    [Counter("audits", "Times the side table of packet memory was compared with those who hold chunks.")]
    FrameAudits,

    [Counter("errors", "Audits that found a difference: a fault of FastPath, report it.")]
    FrameFaults,

    [Counter("errors", "Exceptions caught in the worker's loop; the batch was dropped.")]
    Faults,
}
