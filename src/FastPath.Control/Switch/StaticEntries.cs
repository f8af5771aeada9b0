using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Tables;
using FastPath.Net;

namespace FastPath.Control.Switch;

/// <summary>
/// Brings the tables that worker 0 writes in line with a generation: static addresses and neighbors, and what was learned
/// of ports that are gone. Always after the generation is published, so that no entry names a number without a port.
/// </summary>
internal sealed class StaticEntries(SwitchCore core)
{
    /// <summary>Sets what the new generation has and removes what only the old one had.</summary>
    public void Set(BuiltTables next, BuiltTables old)
    {
        core.Run(0, worker =>
        {
            worker.TakeEvents(); // every worker has seen the generation: no event of the old one comes after these
            foreach (ulong key in old.StaticAddresses.Keys)
                if (!next.StaticAddresses.ContainsKey(key))
                    worker.Fdb.Remove(key);
            foreach ((ulong key, ushort port) in next.StaticAddresses)
                worker.Fdb.SetStatic(key, port);
            foreach (NeighborKey key in old.StaticNeighbors.Keys)
                if (!next.StaticNeighbors.ContainsKey(key))
                    worker.Neighbors.Remove(key);
            foreach ((NeighborKey key, MacAddress mac) in next.StaticNeighbors)
                worker.LearnNeighbor(key, mac.Value, NeighborState.Static);
            ForgetMoved(worker, next.Tables, old.Tables);
        });
    }

    /// <summary>Forgets everything about a port.</summary>
    public void ForgetPort(int number) => core.Run(0, worker =>
    {
        worker.TakeEvents();
        worker.Fdb.Flush(number, includeStatic: true);
        worker.Neighbors.Flush(number);
    });

    /// <summary>Forgets learned addresses: of a bridge or a port where not 0. How many.</summary>
    public int FlushLearned(int bridge, int port)
    {
        int removed = 0;
        core.Run(0, worker =>
        {
            for (int n = 0; n < worker.Fdb.Capacity; n++)
                if (worker.Fdb.TryRead(n, out FdbRecord record) && !record.IsStatic
                    && (bridge == 0 || record.Bridge == bridge) && (port == 0 || record.Port == port)
                    && worker.Fdb.Remove(FdbTable.Key(record.Bridge, record.Mac)))
                    removed++;
        });
        return removed;
    }

    /// <summary>A port that is in another bridge now: what it learned belongs to the old one.</summary>
    private static void ForgetMoved(Worker worker, SwitchTables next, SwitchTables old)
    {
        for (int port = 1; port < old.Ports.Length; port++)
            if (old.Ports[port].Bridge != 0 && next.Ports[port].Bridge != old.Ports[port].Bridge)
                worker.Fdb.Flush(port, includeStatic: false);
    }
}
