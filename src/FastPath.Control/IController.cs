using System.Collections.Generic;
using FastPath.Api;

namespace FastPath.Control;

/// <summary>
/// What REST, metrics and the command line of fastpathd see of the switch: one configuration with a revision, and views of
/// its state. All calls come from any thread; changes are carried out one after the other.
/// </summary>
public interface IController
{
    /// <summary>The configuration that is in force.</summary>
    ConfigDocument Config { get; }

    /// <summary>Counts changes of the configuration; the first is 1.</summary>
    long Revision { get; }

    /// <summary>
    /// Validates a whole configuration, plans the changes from the present one and, unless it is a dry run, applies them:
    /// all or none.
    /// </summary>
    /// <param name="next">The configuration wanted.</param>
    /// <param name="dryRun">Only say what would change.</param>
    /// <param name="ifRevision">Refuse when the revision is another by now; null does not compare.</param>
    /// <exception cref="InvalidConfigException">Every field error.</exception>
    /// <exception cref="RevisionConflictException">The revision is another one.</exception>
    ChangeResult Apply(ConfigDocument next, bool dryRun, long? ifRevision = null);

    IReadOnlyList<PortView> Ports();

    IReadOnlyList<BridgeView> Bridges();

    IReadOnlyList<VtepView> Vteps();

    IReadOnlyList<FdbView> Fdb();

    IReadOnlyList<RouteView> Routes();

    IReadOnlyList<NeighborView> Neighbors();

    /// <summary>Drops that happened at least once, most packets first.</summary>
    IReadOnlyList<DropView> Drops();

    IReadOnlyList<WorkerView> Workers();

    /// <summary>Forgets learned addresses: of a bridge, of a port, or all. Static entries stay. How many.</summary>
    int FlushFdb(string? bridge, string? port);

    SystemView System();

    GraphView Graph();
}
