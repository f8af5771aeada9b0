using FastPath.Netns.Support;
using Xunit;

namespace FastPath.Netns.Control;

/// <summary>Host and containers talk through the veth between host and FastPath.</summary>
public sealed class PuntTests
{
    [Fact]
    public void Host_and_container_reach_each_other_and_services_answer_at_the_gateway()
    {
        using Topology topology = new();
        (Space host, Space a) = (topology.Add("host"), topology.Add("a"));
        using DaemonHost daemon = new(host, """
            bridges: {blue: {gateway: {addresses: [10.0.0.254/24, "fd00::fe/64"]}}}
            ports:
              a:
                bridge: blue
                container: {namespace: NS-a, addresses: [10.0.0.1/24, "fd00::1/64"], gateways: [10.0.0.254, "fd00::fe"]}
            punt:
              hostAddresses: [169.254.77.1/30, "fd00:77::1/64"]
              addresses: [169.254.77.2/30, "fd00:77::2/64"]
            """);

        foreach ((Space from, string to) in ((Space, string)[])[(host, "10.0.0.1"), (a, "169.254.77.1"), (host, "fd00::1"), (a, "fd00:77::1")])
            Assert.Equal(3, Ping.Run(from, to).Received);
        Assert.True(Iperf.Run(host, a, "10.0.0.1", 1).Bytes > 1 << 20);
        Assert.True(Iperf.Run(a, host, "169.254.77.1", 1).Bytes > 1 << 20);
        Assert.True(Iperf.Run(a, host, "10.0.0.254", 1).Bytes > 1 << 20); // a service of the host at the gateway's address
    }
}
