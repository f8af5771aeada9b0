using FastPath.Dataplane.Ports;

namespace FastPath.Dataplane.Engine;

/// <summary>
/// Which ports end the sleep of a worker: all of them, but a port that sends much is taken off while the worker is
/// awake. While somebody waits on a socket, the kernel wakes him for each packet it has sent (sock_wfree,
/// sock_def_write_space in net/core/sock.c), wanted or not: 85 of 950 ns a packet on veth (decision 0018).
/// </summary>
[PerWorker]
internal static class WatchList
{
    /// <summary>
    /// Packets between two looks from which a port counts as busy; taking it off and on costs as much as 15.
    /// </summary>
    private const ulong BusyPackets = 64;

    /// <summary>Takes off the ports that have sent much since the last call. Called now and then while awake.</summary>
    public static void Relax(Sleeper sleeper, Port[] ports)
    {
        foreach (Port port in ports)
        {
            ulong sent = port.Counters[PortCounter.TxPackets];
            if (port.IsWatched && sent - port.SentBefore >= BusyPackets)
            {
                sleeper.Unwatch(port.WaitDescriptor);
                port.IsWatched = false;
            }

            port.SentBefore = sent;
        }
    }

    /// <summary>
    /// Puts back what is off and adds what is new. Called right before each sleep: a packet that came after the last
    /// look at the rings is no loss, because a socket that is readable ends the sleep at once.
    /// </summary>
    public static void Restore(Sleeper sleeper, Port[] ports)
    {
        foreach (Port port in ports)
        {
            if (port.IsWatched || port.WaitDescriptor < 0)
                continue;
            sleeper.Watch(port.WaitDescriptor);
            port.IsWatched = true;
        }
    }
}
