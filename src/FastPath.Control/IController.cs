using System;
using System.Collections.Generic;
using FastPath.Api;

namespace FastPath.Control;

/// <summary>
/// What REST, metrics and the command line of fastpathd see of the switch: one configuration with a revision, and views of
/// its state. All calls come from any thread; changes are carried out one after the other.
/// </summary>
public interface IController
{
    /// <summary>The configuration in force and its revision, read together.</summary>
    ConfigRevision Current { get; }

    /// <summary>
    /// Makes the next configuration from the present one, validates it, plans the changes and, unless it is a dry run,
    /// applies them: all or none. Nobody else's change comes between the reading of the present one and the applying.
    /// A change that changes nothing keeps the revision.
    /// </summary>
    /// <param name="change">From the configuration in force to the one wanted; pure and quick, may be called again.</param>
    /// <param name="dryRun">Only say what would change.</param>
    /// <param name="ifRevision">Refuse when the revision is another by now; null does not compare.</param>
    /// <exception cref="InvalidConfigException">Every field error.</exception>
    /// <exception cref="RevisionConflictException">The revision is another one.</exception>
    ChangeResult Change(Func<ConfigDocument, ConfigDocument> change, bool dryRun, long? ifRevision = null);

    /// <summary><see cref="Change"/> to a whole configuration.</summary>
    ChangeResult Apply(ConfigDocument next, bool dryRun, long? ifRevision = null) => Change(_ => next, dryRun, ifRevision);

    /// <summary>Ports, uplinks and the punt port, in that order, each by name.</summary>
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

    /// <summary>Version, readiness, features and the latest events, newest last.</summary>
    SystemView System();

    GraphView Graph();
}

/// <summary>A configuration and the number of changes that led to it; the first is 1.</summary>
public sealed record ConfigRevision(ConfigDocument Config, long Revision);
