using FastPath.Dataplane.Tables;
using FastPath.Xdp;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// A packet on its way to another worker. Its frame stays the sender's: the receiver copies and sends it home.
/// </summary>
[Shared]
internal readonly record struct HandedPacket(Packet Packet, Edge Entry);

/// <summary>What a worker tells another about tables: an address to learn, or a neighbor that has answered.</summary>
/// <param name="Address">Key for the FDB; 0 when the event is about a neighbor.</param>
/// <param name="Port">Port behind which the address lives.</param>
/// <param name="Neighbor">The neighbor.</param>
/// <param name="Mac">Its MAC address.</param>
[Shared]
internal readonly record struct LearnEvent(ulong Address, ushort Port, NeighborKey Neighbor, ulong Mac);

/// <summary>
/// Everything that goes from one worker to one other, each kind in its own ring (decision 0007: one writer a word).
/// </summary>
[Shared]
internal sealed class Lane
{
    public SpscRing<HandedPacket> Packets { get; } = new(Limits.HandoffMax);

    /// <summary>
    /// Frames of the receiver that the sender has copied. Twice as many: see <see cref="Handoff.Receive"/>.
    /// </summary>
    public SpscRing<FrameAddress> Home { get; } = new(Limits.HandoffMax * 2);

    public SpscRing<LearnEvent> Events { get; } = new(Limits.LearnEventsMax);
}
