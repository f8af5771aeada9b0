using System;
using System.Linq;
using System.Text.Json;
using FastPath.Netns.Support;
using Xunit;

namespace FastPath.Netns.Control;

/// <summary>Two workers on devices of one and of two queues: every way between them, by hand-over where it must be.</summary>
public sealed class WorkersTests
{
    private const string Configuration = """
        system: {workers: 2}
        bridges: {blue: {gateway: {addresses: [10.0.0.254/24]}}}
        ports:
          a: {device: pa, bridge: blue}
          b: {device: pb, bridge: blue}
          c: {device: pc, addresses: [10.1.0.254/24]}
        """;

    [Fact]
    public void Packets_go_between_all_queues_of_both_workers()
    {
        using Topology topology = new();
        (Space host, Space a, Space b, Space c) = (topology.Add("host"), topology.Add("a"), topology.Add("b"), topology.Add("c"));
        Plug(host, "pa", a, queues: 1, "10.0.0.1/24", "10.0.0.254");
        Plug(host, "pb", b, queues: 1, "10.0.0.2/24", "10.0.0.254");
        Plug(host, "pc", c, queues: 2, "10.1.0.1/24", "10.1.0.254");
        using DaemonHost daemon = new(host, Configuration);

        Assert.Contains("ports/c: up on pc: native XDP, copy, 2 queue(s)", daemon.Said, StringComparison.Ordinal);
        foreach ((Space from, string to) in ((Space, string)[])[(a, "10.0.0.2"), (b, "10.0.0.1"), (a, "10.1.0.1"), (c, "10.0.0.2")])
        {
            Assert.Equal(3, Ping.Run(from, to).Received);
            Space server = to switch { "10.0.0.1" => a, "10.0.0.2" => b, _ => c };
            Assert.True(Iperf.Run(from, server, to, 1).Bytes > 1 << 20);
        }

        AssertBothWorkedWithoutFault(daemon);
    }

    private static void AssertBothWorkedWithoutFault(DaemonHost daemon)
    {
        string said = daemon.Get("workers");
        using JsonDocument workers = JsonDocument.Parse(said);
        JsonElement[] items = [.. workers.RootElement.GetProperty("items").EnumerateArray()];
        Assert.Equal(2, items.Length);
        foreach (JsonElement worker in items)
        {
            ulong Value(string name) => worker.GetProperty("counters").EnumerateArray()
                .First(counter => counter.GetProperty("name").GetString() == name).GetProperty("value").GetUInt64();
            Assert.True(Value("received") > 100, said);
            Assert.True(Value("handedOut") > 100, said);
            Assert.Equal(0UL, Value("faults") + Value("frameFaults"));
        }
    }

    private static void Plug(Space host, string device, Space container, int queues, string address, string gateway)
    {
        Topology.Plug(host, device, container, address, queues: queues);
        container.Ip("route", "add", "default", "via", gateway);
    }
}
