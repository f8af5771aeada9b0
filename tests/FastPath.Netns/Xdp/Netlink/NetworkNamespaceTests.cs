using System;
using System.Globalization;
using System.IO;
using System.Threading;
using FastPath.Netns.Support;
using FastPath.Xdp;
using FastPath.Xdp.Netlink;
using Xunit;

namespace FastPath.Netns.Xdp.Netlink;

public sealed class NetworkNamespaceTests
{
    [Fact]
    public void An_action_runs_inside_and_the_caller_stays_where_it_was()
    {
        using Topology topology = new();
        Space space = topology.Add("a");
        using NetworkNamespace before = NetworkNamespace.Current();

        (bool inside, bool pool, int thread) = space.Handle.Run(() =>
        {
            using NetworkNamespace here = NetworkNamespace.Current();
            Thread runner = Thread.CurrentThread;
            return (here.IsSameAs(space.Handle), runner.IsThreadPoolThread, runner.ManagedThreadId);
        });

        Assert.True(inside);
        Assert.False(pool);
        Assert.NotEqual(Environment.CurrentManagedThreadId, thread);
        using NetworkNamespace after = NetworkNamespace.Current();
        Assert.True(after.IsSameAs(before));
        Assert.False(after.IsSameAs(space.Handle));
    }

    [Fact]
    public void A_socket_opened_inside_stays_there()
    {
        using Topology topology = new();
        Space space = topology.Add("a");
        space.Ip("link", "add", "only-here", "type", "veth", "peer", "name", "peer");
        using Rtnetlink inside = Rtnetlink.Open(space.Handle);
        using Rtnetlink here = Rtnetlink.Open();
        Assert.NotNull(inside.Links.Find("only-here"));
        Assert.Null(here.Links.Find("only-here"));
    }

    [Fact]
    public void A_path_and_a_name_open_the_same_namespace()
    {
        using Topology topology = new();
        Space space = topology.Add("a");
        RunningCommand sleeper = space.Start("sleep", "60");
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{sleeper.Id}/ns/net");
        // "ip" enters before it becomes "sleep".
        SpinWait.SpinUntil(() => IsInside(path, space), TimeSpan.FromSeconds(5));
        using NetworkNamespace byPath = NetworkNamespace.Open(path);
        Assert.True(byPath.IsSameAs(space.Handle));
        Assert.Equal(space.Handle.Inode, byPath.Inode);
    }

    [Fact]
    public void An_exception_comes_through_as_it_was()
    {
        using Topology topology = new();
        Space space = topology.Add("a");
        Assert.Throws<InvalidDataException>(() => space.Handle.Run(() => throw new InvalidDataException()));
    }

    [Fact]
    public void A_name_that_is_not_there_is_named()
    {
        Topology.RequireRoot();
        XdpException missing = Assert.Throws<XdpException>(() => NetworkNamespace.Open("fpt-no-such"));
        Assert.Contains("fpt-no-such", missing.Message, StringComparison.Ordinal);
        Assert.Equal(2, missing.Errno); // ENOENT
        Assert.Throws<ArgumentException>(() => NetworkNamespace.Open("../etc/passwd"));
    }

    [Fact]
    public void A_file_that_is_no_namespace_is_refused_on_entry()
    {
        Topology.RequireRoot();
        using NetworkNamespace file = NetworkNamespace.Open("/etc/hostname");
        Assert.Equal(22, Assert.Throws<XdpException>(() => file.Run(() => { })).Errno); // EINVAL
    }

    private static bool IsInside(string path, Space space)
    {
        using NetworkNamespace there = NetworkNamespace.Open(path);
        return there.IsSameAs(space.Handle);
    }
}
