using FastPath.Dataplane.Tables;
using FastPath.Xdp;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// Requests from one worker to the control plane: neighbors to resolve on links that the kernel owns. Bounded; a lost
/// request is asked again a second later.
/// </summary>
[Shared]
public sealed class Outbox
{
    private readonly SpscRing<NeighborKey> _ring = new(Limits.OutboxMax);

    /// <summary>Signalled for each request: the control thread sleeps. Set before the worker starts.</summary>
    public Waiter? Listener { get; set; }

    /// <summary>Adds a request; false when the ring is full. Worker only.</summary>
    public bool TryAdd(in NeighborKey key)
    {
        if (!_ring.TryAdd(key))
            return false;
        Listener?.Signal(); // one system call for each question, and a neighbor is asked for once a second at most
        return true;
    }

    /// <summary>Takes the oldest request. Control thread only.</summary>
    public bool TryTake(out NeighborKey key) => _ring.TryTake(out key);
}
