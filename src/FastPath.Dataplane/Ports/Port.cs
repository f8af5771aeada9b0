using System;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Telemetry;
using FastPath.Xdp;

namespace FastPath.Dataplane.Ports;

/// <summary>
/// Where packets come in and go out. Virtual calls are made once for each batch, never for each packet.
/// </summary>
[PerWorker]
public abstract class Port(string name, int index, Umem umem) : IDisposable
{
    /// <summary>Name in the configuration.</summary>
    public string Name { get; } = name;

    /// <summary>Number in the switch, 1..<see cref="Limits.PortsMax"/> - 1.</summary>
    public int Index { get; } = index;

    /// <summary>The packet memory this port receives into and transmits from.</summary>
    public Umem Umem { get; } = umem;

    /// <summary>Packets staged for transmit.</summary>
    public TransmitQueue Queue { get; } = new();

    /// <summary>Whether it is on its worker's list of ports to flush in this turn.</summary>
    internal bool IsDirty { get; set; }

    /// <summary>Whether it has left the tables of its worker and was not retired yet.</summary>
    internal bool IsRetiring { get; set; }

    /// <summary>
    /// Whether <see cref="WaitDescriptor"/> ends the sleep of the worker: see <see cref="WatchList"/>.
    /// </summary>
    internal bool IsWatched { get; set; }

    /// <summary>Packets it had sent when the worker last looked how busy it is.</summary>
    internal ulong SentBefore { get; set; }

    public PortCounters Counters { get; } = new();

    /// <summary>Descriptor that becomes readable when a packet arrives; -1 when there is none to wait for.</summary>
    public virtual int WaitDescriptor => -1;

    /// <summary>Whether packets wait in the device's ring for another try.</summary>
    public virtual bool HasUnsent => false;

    /// <summary>Fills slots from <paramref name="slot"/> on with at most <paramref name="budget"/> packets.</summary>
    /// <returns>How many slots were filled.</returns>
    public abstract int Receive(Batch batch, int slot, int budget);

    /// <summary>
    /// Takes packets of a batch that leave by this port, in order, and tells the batch of each: were it to throw, the
    /// frames it has must not be freed with the batch. What it cannot take is dropped: too big, no room, no frame in
    /// its memory.
    /// </summary>
    /// <param name="worker">The worker whose port it is.</param>
    /// <param name="batch">The batch; frames of taken packets are the port's from now on.</param>
    /// <param name="packets">Packets whose TxPort is this port.</param>
    /// <param name="longest">Longest frame, bytes.</param>
    public virtual void Stage(Worker worker, Batch batch, PacketSet packets, int longest)
    {
        foreach (int slot in packets)
        {
            if (!TryPrepare(worker, batch, slot, longest))
                continue;
            Queue.Add(batch[slot]);
            batch.Transmit(PacketSet.Of(slot));
        }
    }

    /// <summary>
    /// Checks length and room and moves the packet into this port's memory; drops it when one of these fails.
    /// </summary>
    protected bool TryPrepare(Worker worker, Batch batch, int slot, int longest)
    {
        ref Packet packet = ref batch[slot];
        if (packet.Length > longest)
            batch.Drop(slot, DropReason.TooBig);
        else if (!HasRoom(worker))
            batch.Drop(slot, DropReason.TxRingFull);
        else if (packet.Frame.Umem != Umem.Number && !worker.TryMoveTo(ref packet, Umem))
            batch.Drop(slot, DropReason.NoFrame);
        else
            return true;
        return false;
    }

    private bool HasRoom(Worker worker)
    {
        if (Queue.Count < Limits.TransmitFlush && Room > 0)
            return true;
        Flush(worker);
        return Room > 0;
    }

    /// <summary>
    /// Takes what is staged and sends it; called once for each turn of the worker, or when 64 are staged.
    /// </summary>
    public abstract void Flush(Worker worker);

    /// <summary>Gets finished frames back and gives the device empty ones.</summary>
    public abstract void Service(Worker worker);

    /// <summary>Chunks of this port's memory that its device has for receive.</summary>
    public virtual int PostedChunks => 0;

    /// <summary>Chunks that its device has for transmit, once for each packet that shares one.</summary>
    public virtual int TransmitChunks => 0;

    /// <summary>How many more packets may be staged now.</summary>
    public abstract int Room { get; }

    /// <summary>
    /// Takes the device away, so that nothing is written to frames any more. Called by the control plane after the
    /// worker has seen tables without the port, before <see cref="Retire"/>.
    /// </summary>
    public virtual void Detach()
    {
    }

    /// <summary>
    /// Gives every frame back that the port still holds. Called by the worker after the port has left the graph.
    /// </summary>
    public abstract void Retire();

    public virtual void Dispose()
    {
        Counters.Dispose();
        GC.SuppressFinalize(this);
    }
}
