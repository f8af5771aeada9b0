using System;
using System.Threading;
using FastPath.Xdp;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// Lets one worker sleep until a port receives, somebody wakes it or a timer is due. The worker says that it sleeps,
/// fences and looks at everything once more; a waker writes its request, fences and reads whether the worker sleeps:
/// one of the two always sees the other (decision 0007).
/// </summary>
[PerWorker]
public sealed class Sleeper : IDisposable
{
    private readonly Waiter _waiter;
    private int _asleep;

    public Sleeper(KernelFeature refused = KernelFeature.None) => _waiter = new Waiter(refused);

    /// <summary>Descriptors to wait for; the worker's own ports.</summary>
    public void Watch(int descriptor) => _waiter.Add(descriptor);

    public void Unwatch(int descriptor) => _waiter.Remove(descriptor);

    /// <summary>Announces sleep. The worker must look at its rings after this and before <see cref="Sleep"/>.</summary>
    public void Announce()
    {
        Volatile.Write(ref _asleep, 1);
        Interlocked.MemoryBarrier(); // pairs with the fence in Wake
    }

    /// <summary>
    /// Sleeps for at most <paramref name="nanoseconds"/>; negative is without limit. True when a port or a waker has
    /// ended it.
    /// </summary>
    public bool Sleep(long nanoseconds) => _waiter.Wait(nanoseconds);

    /// <summary>Awake again.</summary>
    public void Resume() => Volatile.Write(ref _asleep, 0);

    /// <summary>Wakes the worker when it sleeps. Any thread, after it has published its request.</summary>
    public void Wake()
    {
        Interlocked.MemoryBarrier(); // pairs with the fence in Announce
        if (Volatile.Read(ref _asleep) != 0)
            _waiter.Signal();
    }

    public void Dispose() => _waiter.Dispose();
}
