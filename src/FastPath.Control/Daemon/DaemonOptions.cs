using System.Net;
using FastPath.Api;

namespace FastPath.Control.Daemon;

/// <summary>What the command line of fastpathd says.</summary>
internal sealed record DaemonOptions
{
    /// <summary>Configuration file; null starts with nothing configured.</summary>
    public string? ConfigFile { get; init; }

    public string Socket { get; init; } = FastPathEndpoint.DefaultSocket;

    /// <summary>Loopback address and port for REST besides the socket; null for none.</summary>
    public IPEndPoint? Loopback { get; init; }

    /// <summary>Directory in a BPF file system for pins; empty pins nothing.</summary>
    public string PinDirectory { get; init; } = "/sys/fs/bpf/fastpath";

    /// <summary>Prefix of devices that fastpathd makes.</summary>
    public string Name { get; init; } = "fp";
}
