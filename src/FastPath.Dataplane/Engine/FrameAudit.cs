using System;
using FastPath.Dataplane.Ports;
using FastPath.Xdp;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// Compares what the side table of a worker's packet memory says with what the holders of chunks say. Between two turns
/// no chunk is in a batch, so each is free, posted, given to transmit, held or on its way to another worker.
/// </summary>
[PerWorker]
internal static class FrameAudit
{
    private const int Owners = 6;

    /// <summary>A sentence about the first difference; empty when the account is right. Reads every row.</summary>
    public static string Check(Umem umem, ReadOnlySpan<Port> ports, int heldPackets)
    {
        Span<int> rows = stackalloc int[Owners];
        umem.Count(rows);
        int posted = 0;
        int transmitting = 0;
        foreach (Port port in ports)
        {
            if (port.Umem.Number != umem.Number)
                continue;
            posted += port.PostedChunks;
            transmitting += port.TransmitChunks;
        }

        if (rows[(int)FrameOwner.Free] != umem.FreeCount)
            return Differs("free", rows[(int)FrameOwner.Free], umem.FreeCount);
        if (rows[(int)FrameOwner.Receive] != posted)
            return Differs("posted for receive", rows[(int)FrameOwner.Receive], posted);
        // A chunk that several ports send counts once here and once for each of them there.
        if (rows[(int)FrameOwner.Transmit] > transmitting)
            return Differs("given to transmit", rows[(int)FrameOwner.Transmit], transmitting);
        if (rows[(int)FrameOwner.Batch] != 0)
            return Differs("in a batch", rows[(int)FrameOwner.Batch], 0);
        // A held packet is one chunk or several, of this memory or of another of the worker's.
        if (heldPackets == 0 && rows[(int)FrameOwner.Held] != 0)
            return Differs("held", rows[(int)FrameOwner.Held], 0);
        return "";
    }

    private static string Differs(string what, int rows, int holders) =>
        $"{rows} chunks are {what} by the side table, {holders} by those that hold them";
}
