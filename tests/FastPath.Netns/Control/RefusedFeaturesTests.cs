using System;
using FastPath.Control.Config;
using FastPath.Netns.Support;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Netns.Control;

/// <summary>Each optional kernel feature is refused once: containers still talk, and the daemon says what is missing.</summary>
public sealed class RefusedFeaturesTests
{
    public static TheoryData<string> Features
    {
        get
        {
            TheoryData<string> names = [];
            foreach (KernelFeature feature in SystemRules.AllFeatures())
                names.Add(SystemRules.NameOf(feature));
            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Features))]
    public void Containers_talk_without(string feature)
    {
        using Topology topology = new();
        (Space host, Space a, Space b) = (topology.Add("host"), topology.Add("a"), topology.Add("b"));
        using DaemonHost daemon = new(host, $"system: {{refuseFeatures: [{feature}]}}\n" + """
            bridges: {blue: }
            ports:
              a: {bridge: blue, container: {namespace: NS-a, addresses: [10.0.0.1/24]}}
              b: {bridge: blue, container: {namespace: NS-b, addresses: [10.0.0.2/24]}}
            """);

        Assert.Equal(3, Ping.Run(a, "10.0.0.2").Received);
        Assert.Contains($"without {feature}", daemon.Said, StringComparison.Ordinal);
        _ = b;
    }
}
