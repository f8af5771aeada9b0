using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using FastPath.Xdp.Netlink;

namespace FastPath.Netns.Support;

/// <summary>A network namespace of a test, with the programs that run in it.</summary>
internal sealed class Space : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly List<RunningCommand> _running = [];

    private Space(string name)
    {
        Name = name;
        Handle = NetworkNamespace.Open(name);
    }

    /// <summary>Name in /run/netns.</summary>
    public string Name { get; }

    /// <summary>What all names of a topology begin with.</summary>
    public string Prefix => Name[..(Name.LastIndexOf('-') + 1)];

    public NetworkNamespace Handle { get; }

    /// <summary>Makes the namespace, with lo up.</summary>
    public static Space Create(string name)
    {
        Command.Run(["ip", "netns", "add", name]).OrFail();
        Space space = new(name);
        space.Ip("link", "set", "lo", "up");
        return space;
    }

    /// <summary>Index of one of its devices.</summary>
    public int IndexOf(string device)
    {
        using Rtnetlink netlink = Rtnetlink.Open(Handle);
        return netlink.Links.Require(device).Index;
    }

    /// <summary>Runs a program inside, to the end.</summary>
    public CommandResult Run(params string[] line) => Command.Run(Inside(line));

    /// <summary>Runs a program inside with a time limit of its own.</summary>
    public CommandResult Run(TimeSpan timeout, params string[] line) => Command.Run(Inside(line), timeout);

    /// <summary>Starts a program inside; it is ended with the namespace at the latest.</summary>
    public RunningCommand Start(params string[] line)
    {
        RunningCommand running = new(Inside(line));
        _running.Add(running);
        return running;
    }

    /// <summary>ip with arguments; fails the test when ip fails.</summary>
    public void Ip(params string[] arguments) => Command.Run(["ip", "-n", Name, .. arguments]).OrFail();

    /// <summary>ip -j -d with arguments, parsed; an empty answer is an empty array.</summary>
    public JsonElement IpJson(params string[] arguments)
    {
        string text = Command.Run(["ip", "-n", Name, "-j", "-d", .. arguments]).OrFail().Output;
        return JsonDocument.Parse(string.IsNullOrWhiteSpace(text) ? "[]" : text).RootElement;
    }

    /// <summary>
    /// Waits until this namespace's kernel has taken note of a device's carrier: its link watch runs up to a second later,
    /// and until then the device sends nothing (net/core/link_watch.c).
    /// </summary>
    /// <param name="device">The device.</param>
    /// <param name="cause">What brings it up, when nothing has yet.</param>
    public void WaitUntilUp(string device, Action? cause = null)
    {
        using ManualResetEventSlim up = new();
        void Hear(RtnetlinkEvent change)
        {
            if (change is LinkChanged { Link: { State: OperationalState.Up } link } && link.Name == device)
                up.Set();
        }

        using RtnetlinkMonitor monitor = RtnetlinkMonitor.Start(Handle, RtnetlinkGroups.Links, Hear);
        if (IsUp(device))
            return;
        cause?.Invoke();
        if (!up.Wait(s_patience))
            throw new CommandFailedException($"{device} in {Name} was not up after {s_patience.TotalSeconds} seconds");
    }

    /// <summary>Names of all its devices, sorted.</summary>
    public string[] Devices() =>
        [.. IpJson("link").EnumerateArray().Select(link => link.GetProperty("ifname").GetString()!).Order(StringComparer.Ordinal)];

    /// <summary>Whether a device has an XDP program.</summary>
    public bool HasProgram(string device) => IpJson("link", "show", "dev", device)[0].TryGetProperty("xdp", out _);

    /// <summary>Ends what runs inside and deletes the namespace.</summary>
    public void Dispose()
    {
        foreach (RunningCommand running in _running)
            running.Dispose();
        Handle.Dispose();
        Delete(Name);
    }

    /// <summary>Deletes a namespace of ours and ends what still runs in it.</summary>
    public static void Delete(string name)
    {
        foreach (string id in Command.Run(["ip", "netns", "pids", name]).Output
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            Command.Run(["kill", "-KILL", id]);
        Command.Run(["ip", "netns", "del", name]);
    }

    private bool IsUp(string device)
    {
        using Rtnetlink netlink = Rtnetlink.Open(Handle);
        return netlink.Links.Require(device).State == OperationalState.Up;
    }

    private List<string> Inside(string[] line) => ["ip", "netns", "exec", Name, .. line];
}
