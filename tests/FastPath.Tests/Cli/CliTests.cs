using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using FastPath.Api;
using FastPath.Cli.Commands;
using FastPath.Dataplane.Telemetry;
using Xunit;

namespace FastPath.Tests.Cli;

public sealed class CliTests
{
    [Fact]
    public async Task Objects_are_added_with_what_the_options_say()
    {
        await using CliBench bench = await CliBench.Start();
        await Good(bench, "bridge", "add", "blue", "--aging", "60", "--gateway", "10.0.0.254/24");
        await Good(bench, "port", "add", "web1", "--container", "web", "--container-address", "10.0.0.1/24",
            "--bridge", "blue", "--mtu", "9000", "--checksums", "device", "--no-learning");
        await Good(bench, "uplink", "add", "eth0", "--mode", "copy", "--claim-prefix", "192.0.2.0/24");
        await Good(bench, "vtep", "add", "v1", "192.0.2.1", "--ttl", "32");
        await Good(bench, "route", "add", "10.1.0.0/16", "--via", "10.0.0.9", "--interface", "blue");
        await Good(bench, "fdb", "add", "blue", "02:00:00:00:00:0a", "--port", "web1");
        await Good(bench, "neighbor", "add", "blue", "10.0.0.9", "02:00:00:00:00:09");

        ConfigDocument config = bench.Controller.Current.Config;
        BridgeConfig bridge = config.Bridges["blue"];
        Assert.Equal((60, "10.0.0.254/24"), (bridge.AgingSeconds, bridge.Gateway!.Addresses[0]));
        PortConfig port = config.Ports["web1"];
        ContainerEnd end = port.Container!;
        Assert.Equal(("web", "eth0", "10.0.0.1/24"), (end.Namespace, end.Interface, end.Addresses.Single()));
        Assert.Equal(("blue", 9000, "device", false), (port.Bridge, port.Mtu, port.Checksums, port.Learning));
        UplinkConfig uplink = config.Uplinks["eth0"];
        Assert.Equal(("eth0", "copy", "192.0.2.0/24"), (uplink.Device, uplink.Mode, uplink.Prefixes.Single()));
        VtepConfig vtep = config.Vteps["v1"];
        Assert.Equal(("192.0.2.1", 4789, 32), (vtep.Address, vtep.Port, vtep.Ttl));
        RouteConfig route = config.Routes.Single();
        Assert.Equal(("10.1.0.0/16", "10.0.0.9", "blue"), (route.Prefix, route.Via, route.Interface));
        FdbConfig entry = config.Fdb.Single();
        Assert.Equal(("blue", "02:00:00:00:00:0a", "web1"), (entry.Bridge, entry.Mac, entry.Port));
        Assert.Equal("02:00:00:00:00:09", config.Neighbors.Single().Mac);
    }

    [Theory]
    [InlineData("bridge add blue", "bridge delete blue")]
    [InlineData("port add web1 --device eth9", "port delete web1")]
    [InlineData("uplink add eth0", "uplink delete eth0")]
    [InlineData("vtep add v1 192.0.2.1", "vtep delete v1")]
    [InlineData("route add 10.1.0.0/16 --via 10.0.0.9", "route delete 10.1.0.0/16")]
    [InlineData("fdb add blue 02:00:00:00:00:0a --port web1", "fdb delete blue 02:00:00:00:00:0A")]
    [InlineData("neighbor add blue 10.0.0.9 02:00:00:00:00:09", "neighbor delete blue 10.0.0.9")]
    public async Task What_was_added_can_be_deleted_once(string add, string delete)
    {
        await using CliBench bench = await CliBench.Start();
        await Good(bench, add.Split(' '));
        await Good(bench, [.. delete.Split(' '), "--dry-run"]);
        await Good(bench, delete.Split(' '));

        Assert.Equal(3, bench.Controller.Current.Revision);
        Assert.Equal(4, (await bench.Do(delete.Split(' '))).Code);
    }

    [Fact]
    public async Task Options_may_come_from_a_file_or_from_standard_input()
    {
        await using CliBench bench = await CliBench.Start();
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"agingSeconds":77}""");
        Assert.Equal(0, (await bench.Do("bridge", "add", "blue", "-f", file)).Code);
        Assert.Equal(0, (await bench.Feed("""{"agingSeconds":88}""", "bridge", "add", "red", "-f", "-")).Code);
        Assert.Equal(0, (await bench.Feed("""{"hostAddresses":["198.51.100.1/30"]}""", "put", "punt", "-f", "-")).Code);
        Run missing = await bench.Do("bridge", "add", "green", "-f", "/nonexistent/x");
        File.Delete(file);

        Assert.Equal((2, true), (missing.Code, missing.Error.Contains("/nonexistent/x")));
        Assert.Equal([77, 88], bench.Controller.Current.Config.Bridges.Values.Select(bridge => bridge.AgingSeconds));
        Assert.NotNull(bench.Controller.Current.Config.Punt);
        Assert.Contains("198.51.100.1/30", (await bench.Do("get", "punt")).Output);
        Assert.Equal(0, (await bench.Do("delete", "punt")).Code);
    }

    [Fact]
    public async Task Apply_replaces_everything_and_diff_only_compares()
    {
        await using CliBench bench = await CliBench.Start();
        const string Yaml = "bridges:\n  blue: {agingSeconds: 60}\n";
        Run dry = await bench.Feed(Yaml, "apply", "-f", "-", "--dry-run");
        Run different = await bench.Feed(Yaml, "diff", "-f", "-");
        Assert.Empty(bench.Controller.Current.Config.Bridges);
        Run applied = await bench.Feed(Yaml, "apply", "-f", "-");
        Run same = await bench.Feed(Yaml, "diff", "-f", "-");
        Run json = await bench.Feed("""{"bridges":{"blue":{"agingSeconds":60}}}""", "diff", "-f", "-", "-o", "json");
        Run stale = await bench.Feed(Yaml, "apply", "-f", "-", "--if-revision", "1");

        Assert.Equal((0, 3, 0, 0, 0, 5), (dry.Code, different.Code, applied.Code, same.Code, json.Code, stale.Code));
        Assert.Equal("~ config: Rebuilds the tables.", different.Lines.Single());
        Assert.Equal("nothing to change", same.Lines.Single());
        Assert.True(JsonDocument.Parse(json.Output).RootElement.GetProperty("dryRun").GetBoolean());
    }

    [Fact]
    public async Task Export_can_be_applied_again()
    {
        await using CliBench bench = await CliBench.Start();
        await bench.Do("bridge", "add", "blue", "--aging", "60");
        await bench.Do("route", "add", "0.0.0.0/0", "--type", "blackhole");
        Run yaml = await bench.Do("export");
        Run json = await bench.Do("export", "-o", "json");

        Assert.Contains("agingSeconds: 60", yaml.Output);
        Assert.Equal(0, (await bench.Feed(yaml.Output, "diff", "-f", "-")).Code);
        Assert.Equal(0, (await bench.Feed(json.Output, "diff", "-f", "-")).Code);
    }

    [Fact]
    public async Task Errors_name_every_field_and_have_their_own_exit_codes()
    {
        await using CliBench bench = await CliBench.Start();
        Run shape = await bench.Feed("ports:\n  web1: {mtuu: 1}\n  web2: 7\n", "apply", "-f", "-");
        Run meaning = await bench.Do("port", "add", "web1", "--device", "eth9", "--bridge", "nowhere");
        await bench.Do("bridge", "add", "blue");
        await bench.Do("port", "add", "web1", "--device", "eth9", "--bridge", "blue");
        Run inUse = await bench.Do("bridge", "delete", "blue");
        Run exists = await bench.Do("bridge", "add", "blue", "--new");
        Run json = await bench.Do("bridge", "delete", "red", "-o", "json");

        Assert.Equal((1, 1, 5, 5, 4), (shape.Code, meaning.Code, inUse.Code, exists.Code, json.Code));
        Assert.Contains("  line 2: /ports/web1/mtuu: ", shape.Error);
        Assert.Contains("  line 3: /ports/web2: ", shape.Error);
        Assert.Equal("fastpath: /ports/web1/bridge: there is no bridge nowhere\n", meaning.Error);
        Assert.StartsWith("fastpath: bridge blue is in use by ports/web1: ", inUse.Error);
        Assert.Contains("  /ports/web1/bridge: ", inUse.Error);
        Assert.Equal(404, JsonDocument.Parse(json.Error).RootElement.GetProperty("status").GetInt32());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("port", "add")]
    [InlineData("bridge", "add", "blue", "--aging", "soon")]
    [InlineData("apply")]
    [InlineData("ports", "-o", "xml")]
    [InlineData("ports", "--host", "http://127.0.0.1:1")]
    [InlineData("completion", "tcsh")]
    public async Task A_command_line_that_makes_no_sense_is_a_usage_error(params string[] arguments)
    {
        await using CliBench bench = await CliBench.Start();
        Run run = await bench.Do(arguments);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith("fastpath: ", run.Error);
    }

    [Fact]
    public async Task A_daemon_that_is_not_there_is_an_error_that_asks_whether_it_runs()
    {
        Run run = await CliBench.Execute("", 80, false, [], ["ports", "--socket", "/nonexistent/api.sock"]);
        Run host = await CliBench.Execute("", 80, false, [("FASTPATH_HOST", "/nonexistent/api.sock")], ["ports"]);
        Run odd = await CliBench.Execute("", 80, false, [("FASTPATH_HOST", "ftp://x")], ["ports"]);
        Run wait = await CliBench.Execute(
            "", 80, false, [], ["wait-ready", "--timeout", "0", "--socket", "/nonexistent/api.sock"]);

        Assert.Equal((1, 1, 2, 1), (run.Code, host.Code, odd.Code, wait.Code));
        const string Reason = "fastpathd cannot be reached at /nonexistent/api.sock: there is no such socket. Is it running?";
        Assert.StartsWith($"fastpath: {Reason}", run.Error);
        Assert.Contains("name it with --socket PATH or FASTPATH_SOCKET", run.Error);
        Assert.Equal(run.Error, host.Error);
        Assert.StartsWith($"fastpath: not ready: {Reason}", wait.Error);
    }

    [Fact]
    public async Task The_environment_names_the_socket_and_options_go_before_it()
    {
        await using CliBench bench = await CliBench.Start();
        (string, string)[] good = [("FASTPATH_SOCKET", bench.SocketPath), ("FASTPATH_HOST", "ftp://x")];
        (string, string)[] bad = [("FASTPATH_SOCKET", "/nonexistent/api.sock")];
        Assert.Equal(0, (await CliBench.Execute("", 80, false, good, ["ports"])).Code);
        Assert.Contains(
            "/nonexistent/api.sock", (await CliBench.Execute("", 80, false, bad, ["ports"])).Error);
        Assert.Equal(0, (await CliBench.Execute("", 80, false, bad, ["ports", "--socket", bench.SocketPath])).Code);
        Run refused = await CliBench.Execute("", 80, false, bad, ["ports", "--host", "http://127.0.0.1:1"]);
        Assert.StartsWith("fastpath: fastpathd cannot be reached at http://127.0.0.1:1/: nobody listens", refused.Error);
    }

    [Fact]
    public async Task A_path_may_have_a_slash_before_it_and_a_prefix_may_not_have_one_in_it()
    {
        await using CliBench bench = await CliBench.Start();
        await Good(bench, "route", "add", "10.1.0.0/16", "--via", "10.0.0.9");
        Assert.Equal(0, (await bench.Do("get", "/system")).Code);
        Assert.Equal(0, (await bench.Do("get", "/api/v1/system")).Code);
        Run slash = await bench.Do("delete", "routes/10.1.0.0/16");

        Assert.Equal((2, true), (slash.Code, slash.Error.Contains("write routes/10.1.0.0~16")));
        await Good(bench, "delete", "/routes/10.1.0.0~16");
    }

    [Fact]
    public async Task A_comma_too_many_is_explained_with_its_line()
    {
        await using CliBench bench = await CliBench.Start();
        Run whole = await bench.Feed("{\n\"bridges\": {},\n}", "apply", "-f", "-");
        Run one = await bench.Feed("{\"agingSeconds\": 60,\n}", "put", "bridges/blue", "-f", "-");

        Assert.Equal((1, 1), (whole.Code, one.Code));
        Assert.StartsWith("fastpath: line 3: /: not JSON: a comma before the closing bracket", whole.Error);
        Assert.Contains("line 2, byte 1: a comma before the closing bracket", one.Error);
        Assert.Single(one.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task The_punt_port_is_among_the_ports_and_at_a_glance()
    {
        await using CliBench bench = await CliBench.Start();
        Assert.Equal("none", (await bench.Do("ports")).Lines.Single());
        await bench.Feed("""{"hostAddresses":["198.51.100.1/30"]}""", "put", "punt", "-f", "-");

        Assert.Matches("^punt +punt +up ", (await bench.Do("ports")).Lines.Last());
        Assert.Contains((await bench.Do("show")).Lines, line => line.StartsWith("punt  "));
    }

    [Fact]
    public async Task Drops_of_one_severity_can_be_asked_for()
    {
        await using CliBench bench = await CliBench.Start();
        bench.Controller.DropList.Add(new DropView("ip4-lookup", "noRoute", "config", 5, "Add a route.", "RFC 1812"));
        bench.Controller.DropList.Add(new DropView("port-output", "ringFull", "load", 3, "Too slow.", ""));
        Run load = await bench.Do("drops", "--severity", "load");
        Run json = await bench.Do("drops", "--severity", "config", "-o", "json");

        Assert.Equal(2, load.Lines.Length);
        Assert.Contains("ringFull", load.Lines[1]);
        Assert.Equal("noRoute", JsonDocument.Parse(json.Output).RootElement.GetProperty("items").EnumerateArray()
            .Single().GetProperty("reason").GetString());
        Assert.Equal(2, (await bench.Do("drops", "--severity", "bad")).Code);
        Assert.Equal(Enum.GetNames<Severity>().Select(name => name.ToLowerInvariant()), ShowCommands.Severities);
    }

    [Fact]
    public async Task Waiting_ends_when_the_switch_is_ready_and_says_why_when_not()
    {
        await using CliBench bench = await CliBench.Start();
        Assert.Equal(0, (await bench.Do("wait-ready")).Code);
        bench.Controller.State = SystemStates.Degraded;
        Run run = await bench.Do("wait-ready", "--timeout", "0");

        Assert.Equal(1, run.Code);
        Assert.Contains("port web1 is down: no carrier", run.Error);
    }

    [Fact]
    public async Task The_graph_is_for_Graphviz_and_the_version_is_told()
    {
        await using CliBench bench = await CliBench.Start();
        Assert.StartsWith("digraph", (await bench.Do("graph")).Output);
        Assert.Equal(2, JsonDocument.Parse((await bench.Do("graph", "-o", "json")).Output)
            .RootElement.GetProperty("nodes").GetArrayLength());
        Run version = await CliBench.Execute("", 80, false, [], ["--version"]);
        Assert.Matches(@"^\d+\.\d+\.\d+", version.Output);
    }

    [Theory]
    [InlineData("bash", "COMPREPLY")]
    [InlineData("zsh", "compdef")]
    [InlineData("fish", "complete -c fastpath")]
    public async Task Shells_can_complete(string shell, string content)
    {
        await using CliBench bench = await CliBench.Start();
        Assert.Contains(content, (await bench.Do("completion", shell)).Output);
        Run suggestions = await CliBench.Execute("", 80, false, [], ["[suggest:12]", "fastpath bri"]);
        Assert.Equal(["bridge", "bridges"], suggestions.Lines);
    }

    [Fact]
    public async Task Flushing_says_how_many_addresses_went()
    {
        await using CliBench bench = await CliBench.Start();
        await bench.Do("bridge", "add", "blue");
        Assert.Equal("5 addresses forgotten", (await bench.Do("fdb", "flush", "--bridge", "blue")).Lines.Single());
        Run json = await bench.Do("fdb", "flush", "-o", "json");
        Assert.Equal(5, JsonDocument.Parse(json.Output).RootElement.GetProperty("removed").GetInt32());
        Assert.Equal(4, (await bench.Do("fdb", "flush", "--bridge", "red")).Code);
    }

    private static async Task Good(CliBench bench, params string[] arguments)
    {
        Run run = await bench.Do(arguments);
        Assert.Equal((0, ""), (run.Code, run.Error));
    }
}
