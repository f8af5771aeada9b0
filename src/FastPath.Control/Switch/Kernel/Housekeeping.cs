using System;
using System.Threading;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Xdp;
using FastPath.Xdp.Netlink;

namespace FastPath.Control.Switch.Kernel;

/// <summary>
/// The thread that opens ports again when their time has come, and asks the kernel for neighbors that workers need on
/// uplinks. It sleeps until there is something to do.
/// </summary>
internal sealed class Housekeeping : IDisposable
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    private readonly VirtualSwitch _switch;
    private readonly Rtnetlink _kernel;
    private readonly Waiter _waiter = new(KernelFeature.None);
    private readonly Thread _thread;
    private volatile bool _stopping;

    /// <param name="virtualSwitch">Not started yet.</param>
    /// <param name="kernel">Whose neighbors are asked for.</param>
    public Housekeeping(VirtualSwitch virtualSwitch, Rtnetlink kernel)
    {
        _switch = virtualSwitch;
        _kernel = kernel;
        foreach (Worker worker in virtualSwitch.Core.Workers)
            worker.Outbox.Listener = _waiter;
        virtualSwitch.RetryPlanned = Wake;
        _thread = new Thread(Run) { IsBackground = true, Name = "fp-housekeeping" };
    }

    /// <summary>Whether sleeping is exact to the nanosecond; the workers' waiters are of the same kind.</summary>
    public FeatureGrants Grants =>
        new(KernelFeature.EpollPwait2, _waiter.HasNanoseconds ? KernelFeature.EpollPwait2 : KernelFeature.None);

    public void Start() => _thread.Start();

    /// <summary>Makes it look now. Any thread.</summary>
    public void Wake() => _waiter.Signal();

    public void Dispose()
    {
        _stopping = true;
        _waiter.Signal();
        if (_thread.IsAlive)
            _thread.Join();
        _waiter.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            long next = _switch.Retry();
            foreach (Worker worker in _switch.Core.Workers)
                while (worker.Outbox.TryTake(out NeighborKey key))
                    AskKernel(key);
            _waiter.Wait(next == PortSlot.Never ? -1 : Math.Max(0, next - Environment.TickCount64) * NanosecondsPerMillisecond);
        }
    }

    /// <summary>
    /// The kernel resolves the neighbor, or probes one it is not sure of; its answer comes as an event. Under the switch's
    /// lock as events are, so that none of them is overtaken.
    /// </summary>
    private void AskKernel(NeighborKey key) => _switch.Do(s =>
    {
        int ifIndex = IfIndexOf(s, key.Port);
        if (ifIndex == 0)
            return;
        try
        {
            // What the kernel is sure of changes nothing, so no event would follow.
            if (_kernel.Neighbors.Use(ifIndex, KernelTables.ToKernel(key.Address)) is { } known)
                KernelTables.TryLearn(s.Core, key, known);
        }
        catch (NetlinkException)
        {
            // The device went down or away: the worker asks again, or gives up and says so.
        }
    });

    private static int IfIndexOf(VirtualSwitch s, ushort port)
    {
        foreach (PortSlot slot in s.Slots.Values)
            if (slot.Number == port && slot.Open is { } open)
                return open.Facts.IfIndex;
        return 0;
    }
}
