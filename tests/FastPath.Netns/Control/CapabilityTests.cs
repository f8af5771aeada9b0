using System;
using System.IO;
using System.Linq;
using System.Threading;
using FastPath.Netns.Support;
using FastPath.Xdp.Netlink;
using Xunit;

namespace FastPath.Netns.Control;

/// <summary>fastpathd with no more capabilities than its systemd unit gives to it.</summary>
public sealed class CapabilityTests
{
    [Theory]
    [InlineData("", "\nready: revision 1, 1 port(s)")]
    [InlineData("CAP_SYS_PTRACE", "fastpathd has not the permission; a namespace named by a process needs CAP_SYS_PTRACE")]
    public void The_capabilities_of_the_unit_are_enough_for_a_namespace_named_by_a_process(string without, string says)
    {
        using Topology topology = new();
        (Space host, Space a) = (topology.Add("host"), topology.Add("a"));
        string space = $"/proc/{a.Start("sleep", "600").Id}/ns/net";
        Assert.True(SpinWait.SpinUntil(() => IsIn(space, a), TimeSpan.FromSeconds(10)));

        using DaemonHost daemon = new(host,
            $"bridges: {{blue: }}\nports: {{a: {{bridge: blue, container: {{namespace: {space}}}}}}}\n", Keeping(without));

        Assert.Contains(says, daemon.Said, StringComparison.Ordinal);
    }

    private static bool IsIn(string space, Space a)
    {
        using NetworkNamespace now = NetworkNamespace.Open(space);
        return now.IsSameAs(a.Handle);
    }

    /// <summary>A command line that keeps the capabilities of the unit but for one.</summary>
    private static string[] Keeping(string without)
    {
        const string Key = "CapabilityBoundingSet=";
        string line = File.ReadLines(Path.Combine(Native.Root, "configs/fastpathd.service"))
            .Single(one => one.StartsWith(Key, StringComparison.Ordinal));
        string kept = string.Concat(line[Key.Length..].Split(' ').Where(name => name != without)
            .Select(name => ",+" + name["CAP_".Length..].ToLowerInvariant()));
        return ["setpriv", "--no-new-privs", "--bounding-set", "-all" + kept, "--inh-caps", "-all" + kept];
    }
}
