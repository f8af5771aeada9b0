using FastPath.Dataplane.Tables;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// Requests from one worker to the control plane: neighbors to resolve on links that the kernel owns. Bounded; a lost
/// request is asked again a second later.
/// </summary>
[Shared]
public sealed class Outbox
{
    private readonly SpscRing<NeighborKey> _ring = new(Limits.OutboxMax);

    /// <summary>Adds a request; false when the ring is full. Worker only.</summary>
    public bool TryAdd(in NeighborKey key) => _ring.TryAdd(key);

    /// <summary>Takes the oldest request. Control thread only.</summary>
    public bool TryTake(out NeighborKey key) => _ring.TryTake(out key);
}
