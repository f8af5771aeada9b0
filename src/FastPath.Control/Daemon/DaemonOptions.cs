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

    /// <summary>Directory in a BPF file system for pins; null picks one, empty pins nothing.</summary>
    public string? PinDirectory { get; init; }

    /// <summary>Prefix of devices that fastpathd makes.</summary>
    public string Name { get; init; } = "fp";

    /// <summary>Directory of capture files to run over instead of devices; null for none.</summary>
    public string? PcapInput { get; init; }

    /// <summary>Directory for what ports send in such a run.</summary>
    public string? PcapOutput { get; init; }
}
