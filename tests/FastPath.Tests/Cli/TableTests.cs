using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using FastPath.Api;
using Xunit;

namespace FastPath.Tests.Cli;

public sealed class TableTests
{
    [Fact]
    public async Task A_table_has_one_aligned_line_for_each_object()
    {
        await using CliBench bench = await Filled();
        Run run = await bench.Do("routes");

        Assert.Equal(
            [
                "PREFIX         TYPE       VIA       INTERFACE  SOURCE",
                "10.0.0.0/8     unicast    10.9.9.9  blue       config",
                "172.16.0.0/12  blackhole  -         -          config",
            ],
            run.Lines);
    }

    [Theory]
    [InlineData("ports", "NAME", "web1")]
    [InlineData("uplinks", "NAME", "wan")]
    [InlineData("bridges", "NAME", "blue")]
    [InlineData("vteps", "VTEP", "v1")]
    [InlineData("fdb", "BRIDGE", "02:00:00:00:00:0a")]
    [InlineData("routes", "PREFIX", "10.0.0.0/8")]
    [InlineData("neighbors", "INTERFACE", "10.9.9.9")]
    [InlineData("drops", "PACKETS", "noRoute")]
    [InlineData("counters", "COUNTER", "received")]
    [InlineData("workers", "WORKER", "running")]
    [InlineData("events", "TIME", "port web1")]
    public async Task Lists_are_tables_for_people_and_JSON_for_programs(string command, string heading, string content)
    {
        await using CliBench bench = await Filled();
        Run table = await bench.Do(command);
        Run json = await bench.Do(command, "-o", "json");

        Assert.Equal((0, 0), (table.Code, json.Code));
        Assert.StartsWith(heading, table.Lines[0].TrimStart());
        Assert.Contains(table.Lines.Skip(1), line => line.Contains(content));
        Assert.True(JsonDocument.Parse(json.Output).RootElement.GetProperty("items").GetArrayLength() > 0);
    }

    [Fact]
    public async Task An_empty_list_says_none()
    {
        await using CliBench bench = await CliBench.Start();
        Assert.Equal(["none"], (await bench.Do("routes")).Lines);
    }

    [Fact]
    public async Task A_narrow_terminal_gets_no_line_that_is_wider()
    {
        await using CliBench bench = await Filled();
        Run run = await bench.Look(60, [("NO_COLOR", "1")], "drops");

        Assert.All(run.Lines, line => Assert.True(line.Length <= 60, $"{line.Length}: {line}"));
        Assert.Contains("noRoute", run.Output);
    }

    [Fact]
    public async Task Colours_are_for_terminals_only_and_can_be_refused()
    {
        await using CliBench bench = await Filled();
        const char Escape = '\u001b';

        Assert.Contains(Escape, (await bench.Look(200, [], "ports")).Output);
        Assert.DoesNotContain(Escape, (await bench.Do("ports")).Output);
        Assert.DoesNotContain(Escape, (await bench.Look(200, [("NO_COLOR", "1")], "ports")).Output);
        Assert.DoesNotContain(Escape, (await bench.Look(200, [("TERM", "dumb")], "ports")).Output);
        Assert.DoesNotContain(Escape, (await bench.Look(200, [], "ports", "--no-color")).Output);
    }

    [Fact]
    public async Task The_overview_has_state_ports_drops_and_events()
    {
        await using CliBench bench = await Filled();
        bench.Controller.State = SystemStates.Degraded;
        Run run = await bench.Do("show");

        Assert.Equal("FastPath 0.1.0: degraded", run.Lines[0]);
        Assert.Equal("  port web1 is down: no carrier", run.Lines[1]);
        foreach (string part in (string[])["up 12 s", "web1", "noRoute", "2026-01-01T00:00:00Z"])
            Assert.Contains(part, run.Output);
    }

    private static async Task<CliBench> Filled()
    {
        CliBench bench = await CliBench.Start();
        await bench.Do("bridge", "add", "blue");
        await bench.Do("port", "add", "web1", "--device", "eth9", "--bridge", "blue");
        await bench.Do("uplink", "add", "wan", "--device", "eth0");
        await bench.Do("vtep", "add", "v1", "192.0.2.1");
        await bench.Do("fdb", "add", "blue", "02:00:00:00:00:0a", "--port", "web1");
        await bench.Do("route", "add", "10.0.0.0/8", "--via", "10.9.9.9", "--interface", "blue");
        await bench.Do("route", "add", "172.16.0.0/12", "--type", "blackhole");
        await bench.Do("neighbor", "add", "blue", "10.9.9.9", "02:00:00:00:00:09");
        bench.Controller.DropList.Add(new DropView("ip4-lookup", "noRoute", "config", 3,
            "No route to the destination: add one, or a default route, and see that its next hop answers.", ""));
        return bench;
    }
}
