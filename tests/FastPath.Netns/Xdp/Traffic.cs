using System;
using FastPath.Netns.Support;

namespace FastPath.Netns.Xdp;

/// <summary>Real traffic between containers of a bench, bounded in size and time.</summary>
internal static class Traffic
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>One TCP transfer; fails the test when it does not end well.</summary>
    public static void Tcp(XdpSwitch bench, int from, int to, int megabytes)
    {
        RunningCommand server = bench.Containers[to - 1].Start("iperf3", "-s", "-1", "--forceflush");
        server.WaitForText("listening", TimeSpan.FromSeconds(10));
        bench.Containers[from - 1].Run(s_limit, "iperf3", "-c", XdpSwitch.AddressOf(to), "-n", $"{megabytes}M").OrFail();
        server.Wait(s_limit).OrFail();
    }

    /// <summary>Pings of one payload size that must all be answered.</summary>
    public static void Ping(XdpSwitch bench, int from, int to, int payload = 56) =>
        bench.Containers[from - 1].Run("ping", "-c", "3", "-i", "0.05", "-W", "2", "-s", $"{payload}", "-M", "do",
            XdpSwitch.AddressOf(to)).OrFail();
}
