using System;
using System.Collections.Generic;
using System.IO;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp;

/// <summary>
/// FastPath's directory for pins, in a BPF file system: the kernel's usual one where it is mounted, else one of our own.
/// </summary>
/// <remarks>
/// A mount belongs to the mount namespace of the process and goes with it: a daemon started under <c>ip netns exec</c>,
/// which makes such a namespace, would lose its pins when it dies. The launcher mounts before it goes there.
/// </remarks>
[Control]
public static class BpfDirectory
{
    /// <summary>Used when /sys/fs/bpf is a BPF file system.</summary>
    public const string Usual = "/sys/fs/bpf/fastpath";

    /// <summary>Mounted when it is not.</summary>
    public const string Own = "/run/fastpath/bpf";

    private const string PortPrefix = "port-";

    /// <summary>The directory for a daemon's pins: made, and mounted where needed. Null when there is no way.</summary>
    /// <param name="configured">A directory from the configuration; null picks one.</param>
    /// <param name="name">
    /// Name of the daemon, a part of the picked one: another daemon's ports may have the same names.
    /// </param>
    public static string? Prepare(string? configured = null, string name = "fp")
    {
        if (configured != null)
            return TryPrepare(configured) ? configured : null;
        string? root = Mounts.IsBpf(Path.GetDirectoryName(Usual)!) && TryPrepare(Usual) ? Usual : null;
        root ??= TryPrepare(Own) ? Own : null;
        return root != null && TryPrepare(ForDaemon(root, name)) ? ForDaemon(root, name) : null;
    }

    /// <summary>Directory of one daemon's pins.</summary>
    public static string ForDaemon(string root, string name) => Path.Combine(root, WithoutDots(name));

    /// <summary>Directory of one port's pins.</summary>
    public static string ForPort(string directory, string port) => Path.Combine(directory, PortPrefix + WithoutDots(port));

    /// <summary>Ports that have pins in a daemon's directory: their names, in order.</summary>
    public static IReadOnlyList<string> PortsIn(string directory)
    {
        List<string> ports = [];
        foreach (string pins in Directory.GetDirectories(directory, PortPrefix + "*"))
            ports.Add(Path.GetFileName(pins)[PortPrefix.Length..].Replace(',', '.')); // no port's name has a comma
        ports.Sort(StringComparer.Ordinal);
        return ports;
    }

    /// <summary>The BPF file system allows no dots in names.</summary>
    private static string WithoutDots(string name) => name.Replace('.', ',');

    private static bool TryPrepare(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }

        return Mounts.IsBpf(directory) || Mounts.MountBpf(directory) == 0;
    }
}
