using System.Collections.Generic;
using FastPath.Net;

namespace FastPath.Control.Switch;

/// <summary>What an open port's device is like.</summary>
internal sealed record DeviceFacts
{
    public string Device { get; init; } = "";

    public int IfIndex { get; init; }

    public MacAddress Mac { get; init; }

    /// <summary>MAC address of a veth's other end; zero when it is not known.</summary>
    public MacAddress PeerMac { get; init; }

    /// <summary>Largest network packet, bytes.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>How the MTU came about, in a sentence.</summary>
    public string MtuExplanation { get; init; } = "";

    /// <summary>Administratively up and with carrier.</summary>
    public bool IsUp { get; init; } = true;

    /// <summary>Why it is not up; empty when it is.</summary>
    public string DownReason { get; init; } = "";

    /// <summary>"native" or "generic"; empty for ports without a kernel device.</summary>
    public string XdpMode { get; init; } = "";

    /// <summary>"copy" or "zeroCopy"; empty for ports without a kernel device.</summary>
    public string CopyMode { get; init; } = "";

    public int Queues { get; init; } = 1;

    /// <summary>Whether what it receives may have checksums that the sender left to its device; so unless known better.</summary>
    public bool MayBePartial { get; init; } = true;

    /// <summary>Kernel features it does without, each with its consequence.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Addresses the kernel has on the device; uplinks only.</summary>
    public IReadOnlyList<InterfaceAddress> KernelAddresses { get; init; } = [];
}
