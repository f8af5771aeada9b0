using System;
using System.IO;

namespace FastPath.Netns.Support;

/// <summary>Where the build has put things that are not .NET.</summary>
internal static class Native
{
    /// <summary>Root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    public static string Port => Path.Combine(Root, "native/build/xdp_port.bpf.o");

    public static string Fence => Path.Combine(Root, "native/build/tc_fence.bpf.o");

    public static string Uplink => Path.Combine(Root, "native/build/xdp_uplink.bpf.o");

    /// <summary>The process that adoption tests kill.</summary>
    public static string Forwarder => Path.Combine(Root, "artifacts/bin/FastPath.Forwarder/release/FastPath.Forwarder");

    private static string FindRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory != null && !File.Exists(Path.Combine(directory, "FastPath.sln")))
            directory = Path.GetDirectoryName(directory);
        return directory ?? throw new DirectoryNotFoundException("the tests run from a build inside the repository");
    }
}
