using System;
using System.Collections.Generic;
using System.Text;
using System.Text.RegularExpressions;
using FastPath.Api;

namespace FastPath.Control.Config;

/// <summary>Names of objects: what they may look like, and that ports, uplinks and bridges share one space of names.</summary>
internal static partial class NameRules
{
    private const int DeviceNameBytesMax = 15;

    // Words that stand for something else where an interface or target is named.
    private static readonly HashSet<string> s_reserved = new(StringComparer.Ordinal) { "punt", "host", "gateway", "vxlan", "local", "all" };

    public static void Check(ConfigDocument document, ConfigErrors errors)
    {
        Dictionary<string, string> interfaces = new(StringComparer.Ordinal);
        Check(document.Ports.Keys, "ports", interfaces, errors);
        Check(document.Uplinks.Keys, "uplinks", interfaces, errors);
        Check(document.Bridges.Keys, "bridges", interfaces, errors);
        Check(document.Vteps.Keys, "vteps", new Dictionary<string, string>(StringComparer.Ordinal), errors);
    }

    /// <summary>Reports a text that cannot be the name of a network device.</summary>
    public static void CheckDevice(Field at, string name)
    {
        // dev_valid_name in the kernel: 1 to 15 bytes, no slash, colon or white space, not "." or "..". A % would be a
        // template for the kernel's own numbers (__dev_alloc_name).
        if (!DeviceName().IsMatch(name) || Encoding.UTF8.GetByteCount(name) > DeviceNameBytesMax || name is "." or "..")
            at.Add($"\"{name}\" cannot be the name of a device: 1 to 15 characters (bytes in UTF-8) without /, :, % and white space");
    }

    private static void Check(IEnumerable<string> names, string kind, Dictionary<string, string> taken, ConfigErrors errors)
    {
        foreach (string name in names)
        {
            Field at = errors.At(kind).Item(name);
            if (!ObjectName().IsMatch(name))
                at.Add($"\"{name}\" cannot be a name: letters, digits, '.', '_' and '-', beginning with a letter or digit, at most 63");
            else if (s_reserved.Contains(name))
                at.Add($"\"{name}\" is reserved: it stands for something else in routes and listings");
            else if (!taken.TryAdd(name, kind))
                at.Add($"/{taken[name]}/{name} has this name already: ports, uplinks and bridges need different names");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ObjectName();

    [GeneratedRegex(@"^[^/:%\s\p{C}]{1,15}\z", RegexOptions.CultureInvariant)]
    private static partial Regex DeviceName();
}
