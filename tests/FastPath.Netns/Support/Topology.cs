using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using FastPath.Xdp.Netlink;
using Xunit;

namespace FastPath.Netns.Support;

/// <summary>
/// The namespaces of one test. Names are unique (fpt, process id, number); everything goes when the test ends, also by
/// failure. What a killed run left is swept by the next one.
/// </summary>
internal sealed class Topology : IDisposable
{
    private const string Prefix = "fpt";
    private static readonly Lock s_sweeping = new();
    private static bool s_swept;
    private static readonly List<Topology> s_alive = [];
    private static int s_count;

    private readonly List<Space> _spaces = [];
    private readonly string _run;

    /// <summary>Starts an empty topology; skips the test when not root.</summary>
    public Topology()
    {
        RequireRoot();
        SweepOnce();
        lock (s_sweeping)
            s_alive.Add(this);
        _run = string.Create(CultureInfo.InvariantCulture,
            $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");
    }

    /// <summary>Skips the running test, with the reason printed, when it is not root.</summary>
    public static void RequireRoot() =>
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: it makes network namespaces");

    /// <summary>Makes a namespace; <paramref name="name"/> is only a label, unique in this topology.</summary>
    public Space Add(string name)
    {
        Space space = Space.Create($"{_run}-{name}");
        _spaces.Add(space);
        return space;
    }

    /// <summary>
    /// Connects two namespaces by a veth pair, both ends up.
    /// </summary>
    /// <param name="left">One namespace.</param>
    /// <param name="leftDevice">Its end.</param>
    /// <param name="right">The other.</param>
    /// <param name="rightDevice">Its end.</param>
    /// <param name="options">What ip is told of each end, such as "numrxqueues", "2".</param>
    public static void Connect(Space left, string leftDevice, Space right, string rightDevice, params string[] options)
    {
        left.Ip(["link", "add", "name", leftDevice, .. options,
            "type", "veth", "peer", "name", rightDevice, "netns", right.Name, .. options]);
        left.Ip("link", "set", leftDevice, "up");
        right.Ip("link", "set", rightDevice, "up");
    }

    /// <summary>
    /// Connects a container, whose end is eth0 with an address, to a device of the host: as for a port with checksums of
    /// the container.
    /// </summary>
    /// <param name="host">Where the device is.</param>
    /// <param name="device">The device.</param>
    /// <param name="container">Namespace of the other end.</param>
    /// <param name="address">Address and prefix length of the other end.</param>
    /// <param name="mac">The other end's; null leaves what the kernel has made up.</param>
    /// <param name="queues">Receive and transmit queues of each end.</param>
    public static void Plug(Space host, string device, Space container, string address, string? mac = null, int queues = 1)
    {
        Connect(host, device, container, "eth0", "numrxqueues", $"{queues}", "numtxqueues", $"{queues}");
        if (mac != null)
            container.Ip("link", "set", "eth0", "address", mac);
        container.Run("ethtool", "-K", "eth0", "tx", "off", "txvlan", "off").OrFail();
        container.Ip("addr", "add", address, "dev", "eth0");
    }

    public void Dispose()
    {
        lock (s_sweeping)
            s_alive.Remove(this);
        for (int i = _spaces.Count - 1; i >= 0; i--)
            _spaces[i].Dispose();
        _spaces.Clear();
    }

    /// <summary>A test that fails while it sets things up disposes nothing.</summary>
    private static void DisposeAll()
    {
        foreach (Topology forgotten in s_alive.ToArray())
            forgotten.Dispose();
    }

    private static void SweepOnce()
    {
        lock (s_sweeping)
        {
            if (s_swept)
                return;
            s_swept = true;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => DisposeAll();
            Sweep();
        }
    }

    /// <summary>Deletes the namespaces of test processes that are gone.</summary>
    internal static void Sweep()
    {
        if (!Directory.Exists(NetworkNamespace.NamesDirectory))
            return;
        foreach (string path in Directory.GetFiles(NetworkNamespace.NamesDirectory, Prefix + "*"))
        {
            string name = Path.GetFileName(path);
            if (OwnerOf(name) is { } owner && !Directory.Exists($"/proc/{owner}"))
                Space.Delete(name);
        }
    }

    /// <summary>The process id in a name; null when the name is not one of ours.</summary>
    private static int? OwnerOf(string name)
    {
        int dash = name.IndexOf('-');
        return dash > 0 && int.TryParse(name.AsSpan(Prefix.Length, dash - Prefix.Length), NumberStyles.None,
            CultureInfo.InvariantCulture, out int owner)
            ? owner
            : null;
    }
}
