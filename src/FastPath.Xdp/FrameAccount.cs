using System;
using System.Collections.Generic;

namespace FastPath.Xdp;

/// <summary>
/// Where the chunks of a UMEM are, counted twice: from the side table, and from the rings' indices, all of which FastPath
/// itself writes. Taken by the worker between two batches, or while it stands still.
/// </summary>
[Control]
public sealed record FrameAccount
{
    /// <summary>Chunks in the UMEM.</summary>
    public required int Total { get; init; }

    /// <summary>Chunks on the free list.</summary>
    public required int Free { get; init; }

    /// <summary>Rows of the side table that name each owner; index is <see cref="FrameOwner"/>.</summary>
    public required IReadOnlyList<int> ByOwner { get; init; }

    /// <summary>Chunks the kernel holds for receive: posted less read back.</summary>
    public required int Posted { get; init; }

    /// <summary>Places in TX rings that wait for completion; a chunk that was flooded to three ports has three.</summary>
    public required int InFlight { get; init; }

    /// <summary>References that rows of chunks given to TX rings hold.</summary>
    public required int References { get; init; }

    /// <summary>Counts a UMEM's chunks.</summary>
    public static FrameAccount Take(Umem umem, IReadOnlyList<XdpSocket> sockets)
    {
        int[] byOwner = new int[Enum.GetValues<FrameOwner>().Length];
        int references = 0;
        for (int index = 0; index < umem.ChunkCount; index++)
        {
            ref FrameEntry entry = ref umem.EntryAt(index);
            byOwner[(int)entry.Owner]++;
            references += entry.Owner == FrameOwner.Transmit ? entry.References : 0;
        }

        int posted = 0;
        int inFlight = 0;
        foreach (XdpSocket socket in sockets)
        {
            posted += socket.Posted;
            inFlight += socket.Tx.InFlight;
        }

        return new FrameAccount
        {
            Total = umem.ChunkCount,
            Free = umem.FreeCount,
            ByOwner = byOwner,
            Posted = posted,
            InFlight = inFlight,
            References = references,
        };
    }

    /// <summary>What does not add up, for a UMEM whose worker holds no packet; null when everything does.</summary>
    public string? FindFault()
    {
        if (ByOwner[(int)FrameOwner.Free] != Free)
            return $"{ByOwner[(int)FrameOwner.Free]} rows say free, {Free} chunks are on the free list";
        if (ByOwner[(int)FrameOwner.Receive] != Posted)
            return $"{ByOwner[(int)FrameOwner.Receive]} rows say receive, the rings say {Posted}";
        if (References != InFlight)
            return $"{References} references to chunks in transmit, the rings say {InFlight}";
        int elsewhere = Total - Free - Posted - ByOwner[(int)FrameOwner.Transmit];
        return elsewhere == 0 ? null : $"{elsewhere} chunks are nowhere: {this}";
    }

    public override string ToString() =>
        $"{Total} chunks: {Free} free, {Posted} posted, {ByOwner[(int)FrameOwner.Transmit]} in transmit, "
        + $"{ByOwner[(int)FrameOwner.Batch]} in batch, {ByOwner[(int)FrameOwner.Held]} held, "
        + $"{ByOwner[(int)FrameOwner.Handoff]} handed over";
}
