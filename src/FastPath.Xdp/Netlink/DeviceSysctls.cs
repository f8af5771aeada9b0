using System;
using System.Collections.Generic;
using System.IO;

namespace FastPath.Xdp.Netlink;

/// <summary>
/// Kernel settings of a device under /proc/sys/net. A write there acts on the namespace of the writing thread, so each
/// one happens inside the right namespace.
/// </summary>
[Control]
public static class DeviceSysctls
{
    private const string Root = "/proc/sys/net";

    /// <summary>
    /// What a dedicated port's switch end gets, so that the host neither talks nor listens on it when FastPath does not
    /// receive: no IPv6 autoconfiguration, no ARP answers for any address, no forwarding.
    /// </summary>
    private static readonly (string Family, string Setting, string Value)[] Silence =
    [
        ("ipv6", "disable_ipv6", "1"),
        ("ipv6", "forwarding", "0"),
        ("ipv4", "arp_ignore", "8"),
        ("ipv4", "forwarding", "0"),
    ];

    /// <summary>Keeps the host's own network stack off a device.</summary>
    /// <param name="space">Namespace of the device; null is the calling thread's.</param>
    /// <param name="device">Device name.</param>
    /// <returns>What could not be set, each with the reason; empty when all is well.</returns>
    public static IReadOnlyList<string> SilenceHost(NetworkNamespace? space, string device)
    {
        List<string> failures = [];
        foreach ((string family, string setting, string value) in Silence)
            if (Write(space, family, device, setting, value) is { } failure)
                failures.Add(failure);
        return failures;
    }

    /// <summary>Gives a device back: it has again what its namespace gives to every new device.</summary>
    /// <param name="space">Namespace of the device; null is the calling thread's.</param>
    /// <param name="device">Device name. One that is gone needs nothing.</param>
    public static void GiveBack(NetworkNamespace? space, string device)
    {
        foreach ((string family, string setting, _) in Silence)
            if (Read(space, family, "default", setting) is { } usual)
                Write(space, family, device, setting, usual);
    }

    /// <summary>Writes one setting: null when done, else why not, naming the file.</summary>
    /// <param name="space">Namespace of the device; null is the calling thread's.</param>
    /// <param name="family">"ipv4" or "ipv6".</param>
    /// <param name="device">Device name, or "all" or "default".</param>
    /// <param name="setting">File name, such as "arp_ignore".</param>
    /// <param name="value">Text to write.</param>
    public static string? Write(NetworkNamespace? space, string family, string device, string setting, string value)
    {
        string path = PathOf(family, device, setting);
        string? WriteHere()
        {
            try
            {
                // Not created when absent: /proc has what the kernel offers.
                using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                file.Write(System.Text.Encoding.ASCII.GetBytes(value));
                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return IsAbsentFamily(family) ? null : $"{path} = {value}: {e.Message}";
            }
        }

        return space == null ? WriteHere() : space.Run(WriteHere);
    }

    /// <summary>Reads one setting; null when it does not exist.</summary>
    public static string? Read(NetworkNamespace? space, string family, string device, string setting)
    {
        string path = PathOf(family, device, setting);
        string? ReadHere() => File.Exists(path) ? File.ReadAllText(path).TrimEnd() : null;
        return space == null ? ReadHere() : space.Run(ReadHere);
    }

    /// <summary>A host booted with ipv6.disable=1 has no such directory, and nothing to silence.</summary>
    private static bool IsAbsentFamily(string family) => !Directory.Exists($"{Root}/{family}");

    private static string PathOf(string family, string device, string setting)
    {
        if (device.Length == 0 || device.Contains('/') || device is "." or "..")
            throw new ArgumentException($"not a device name: '{device}'", nameof(device));
        return $"{Root}/{family}/conf/{device}/{setting}";
    }
}
