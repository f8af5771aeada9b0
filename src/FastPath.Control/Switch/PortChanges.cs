using System.Collections.Generic;
using System.Linq;
using FastPath.Control.Config;

namespace FastPath.Control.Switch;

/// <summary>Ports to open and to close between two configurations, by key. What is in no list stays as it is.</summary>
internal sealed record PortChanges
{
    /// <summary>Not configured any more.</summary>
    public required IReadOnlyList<string> Removed { get; init; }

    /// <summary>Of those, whose device another port takes: it must be free before that one can be opened.</summary>
    public required IReadOnlyList<string> Replaced { get; init; }

    /// <summary>
    /// Opened anew on the device that they have: it must not be without a program meanwhile (decision 0008).
    /// </summary>
    public required IReadOnlyList<string> Kept { get; init; }

    /// <summary>Opened anew on another device, or on one that is made anew.</summary>
    public required IReadOnlyList<string> Remade { get; init; }

    /// <summary>What is opened, new or anew: uplinks first, because the MTU of what is made follows theirs.</summary>
    public required IReadOnlyList<string> Opened { get; init; }

    public static PortChanges Between(DataplaneConfig from, DataplaneConfig to)
    {
        Dictionary<string, PortDevice> before = PortDevice.All(from);
        Dictionary<string, PortDevice> after = PortDevice.All(to);
        List<string> removed = [.. before.Keys.Where(key => !after.ContainsKey(key))];
        List<string> reopened = [.. after.Keys.Where(key => before.TryGetValue(key, out PortDevice? old) && old != after[key])];
        List<string> opened = [.. after.Keys.Where(key => !before.ContainsKey(key) || reopened.Contains(key))];
        HashSet<string> taken = [.. opened.Select(key => after[key].Place)];
        return new PortChanges
        {
            Removed = removed,
            Replaced = [.. removed.Where(key => taken.Contains(before[key].Place))],
            Kept = [.. reopened.Where(key => before[key].IsSameDevice(after[key]))],
            Remade = [.. reopened.Where(key => !before[key].IsSameDevice(after[key]))],
            Opened = opened,
        };
    }
}
