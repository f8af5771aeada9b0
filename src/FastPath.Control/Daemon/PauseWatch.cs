using System;
using System.Threading;

namespace FastPath.Control.Daemon;

/// <summary>
/// The longest time for which a garbage collection has stopped all threads, workers too, since the daemon was ready.
/// </summary>
internal sealed class PauseWatch
{
    private long _longest;
    private long _begun = long.MaxValue;

    public TimeSpan Longest => new(Volatile.Read(ref _longest));

    /// <summary>
    /// Collects what the start left behind, so that no later collection has to move what lives on, and counts from here.
    /// </summary>
    public void Begin()
    {
        // Each collection makes survivors one generation older.
        for (int generation = 0; generation < GC.MaxGeneration; generation++)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        PrepareRegions();
        Volatile.Write(ref _begun, GC.CollectionCount(0));
        _ = new Canary(this);
    }

    /// <summary>
    /// The first collection with survivors after a full one asks the kernel for the memory they move to: 0.6 of its 1.2 ms.
    /// So that comes first, too.
    /// </summary>
    private static void PrepareRegions()
    {
        const int Survivors = 64; // of 4 KiB: more than a collection promotes under 100 requests a second
        byte[][] survivors = new byte[Survivors][];
        for (int collection = 0; collection <= GC.MaxGeneration; collection++)
        {
            for (int n = 0; n < Survivors; n++)
                survivors[n] = new byte[4096];
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        }

        GC.KeepAlive(survivors);
    }

    private void Note()
    {
        foreach (GCKind kind in (ReadOnlySpan<GCKind>)[GCKind.Ephemeral, GCKind.FullBlocking, GCKind.Background])
        {
            GCMemoryInfo collection = GC.GetGCMemoryInfo(kind);
            if (collection.Index <= Volatile.Read(ref _begun))
                continue;
            foreach (TimeSpan pause in collection.PauseDurations)
                if (pause.Ticks > _longest)
                    Volatile.Write(ref _longest, pause.Ticks);
        }
    }

    /// <summary>
    /// Dies in the next collection, whichever that is, and leaves another. The runtime keeps the pauses of the last
    /// collection of each kind only, so each must be looked at; no timer, because an idle daemon has none.
    /// </summary>
    private sealed class Canary(PauseWatch watch)
    {
        ~Canary()
        {
            watch.Note();
            if (!Environment.HasShutdownStarted)
                _ = new Canary(watch);
        }
    }
}
