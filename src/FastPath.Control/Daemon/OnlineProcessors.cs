using System.Collections.Generic;
using System.Globalization;
using System.IO;
using FastPath.Api;
using FastPath.Control.Config;

namespace FastPath.Control.Daemon;

/// <summary>
/// The processors of this machine. Looked at when the daemon starts and not by the validator: a file may be written and
/// checked on another machine.
/// </summary>
internal static class OnlineProcessors
{
    private const string List = "/sys/devices/system/cpu/online";

    /// <exception cref="InvalidConfigException">A worker shall run on a processor that is not there.</exception>
    public static void Require(SystemSettings settings) => Require(settings, File.ReadAllText(List));

    /// <param name="settings">The workers' processors.</param>
    /// <param name="online">Numbers and ranges as the kernel writes them: 0-3,8.</param>
    public static void Require(SystemSettings settings, string online)
    {
        HashSet<int> there = Parse(online);
        List<FieldError> errors = [];
        for (int n = 0; n < settings.Processors.Count; n++)
            if (!there.Contains(settings.Processors[n]))
                errors.Add(new FieldError(string.Create(CultureInfo.InvariantCulture, $"/system/processors/{n}"),
                    $"there is no processor {settings.Processors[n]} on this machine, or it is offline: it has {online.Trim()}"));
        if (errors.Count != 0)
            throw new InvalidConfigException(errors);
    }

    private static HashSet<int> Parse(string list)
    {
        HashSet<int> numbers = [];
        foreach (string range in list.Trim().Split(','))
        {
            string[] ends = range.Split('-');
            int last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            for (int n = int.Parse(ends[0], CultureInfo.InvariantCulture); n <= last; n++)
                numbers.Add(n);
        }

        return numbers;
    }
}
