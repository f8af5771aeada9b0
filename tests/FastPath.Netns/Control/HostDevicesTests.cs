using System;
using FastPath.Netns.Support;
using Xunit;

namespace FastPath.Netns.Control;

/// <summary>What is the host's stays as the host had it.</summary>
public sealed class HostDevicesTests
{
    [Fact]
    public void A_device_of_another_kind_that_has_the_punt_links_name_stays()
    {
        using Topology topology = new();
        Space host = topology.Add("host");
        host.Ip("link", "add", "fp-punt", "type", "bridge");

        using DaemonHost daemon = new(host, """
            bridges: {blue: {gateway: {addresses: [10.0.0.254/24]}}}
            punt: {hostAddresses: [169.254.77.1/30], addresses: [169.254.77.2/30]}
            """);

        Assert.Contains(
            "punt: failed: creating veth fp-punt with peer fphost: File exists", daemon.Said, StringComparison.Ordinal);
        Assert.Equal(0, host.Run("ip", "link", "show", "fp-punt").ExitCode);
    }
}
