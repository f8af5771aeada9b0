using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using FastPath.Api;
using FastPath.Control.Metrics;
using FastPath.Tests.Control.Rest;
using Xunit;

namespace FastPath.Tests.Control.Metrics;

public sealed partial class MetricsTests
{
    [Fact]
    public async Task Names_and_types_are_stable()
    {
        await using RestBench bench = await Filled();
        Scrape scrape = await Read(bench);

        Dictionary<string, string> expected = new()
        {
            ["fastpath_build_info"] = "gauge",
            ["fastpath_bridge_addresses"] = "gauge",
            ["fastpath_config_revision"] = "gauge",
            ["fastpath_drops_total"] = "counter",
            ["fastpath_gc_allocated_bytes_total"] = "counter",
            ["fastpath_gc_collections_total"] = "counter",
            ["fastpath_gc_heap_bytes"] = "gauge",
            ["fastpath_gc_pause_max_seconds"] = "gauge",
            ["fastpath_gc_pause_seconds_total"] = "counter",
            ["fastpath_node_packets_total"] = "counter",
            ["fastpath_port_mtu_bytes"] = "gauge",
            ["fastpath_port_rx_packets_total"] = "counter",
            ["fastpath_port_tx_bytes_total"] = "counter",
            ["fastpath_port_up"] = "gauge",
            ["fastpath_ready"] = "gauge",
            ["fastpath_table_capacity"] = "gauge",
            ["fastpath_table_entries"] = "gauge",
            ["fastpath_uptime_seconds"] = "gauge",
            ["fastpath_worker_batches_total"] = "counter",
            ["fastpath_worker_dropped_packets_total"] = "counter",
            ["fastpath_worker_empty_polls_total"] = "counter",
            ["fastpath_worker_frames"] = "gauge",
            ["fastpath_worker_poll_gap_max_seconds"] = "gauge",
            ["fastpath_worker_received_packets_total"] = "counter",
            ["fastpath_worker_sent_packets_total"] = "counter",
            ["fastpath_xsk_rx_ring_full_total"] = "counter",
            ["process_cpu_seconds_total"] = "counter",
            ["process_resident_memory_bytes"] = "gauge",
        };
        foreach ((string name, string type) in expected)
            Assert.Equal((name, type), (name, scrape.Types.GetValueOrDefault(name, "missing")));
        foreach ((string name, string type) in scrape.Types)
            Assert.Equal((name, type == "counter"), (name, name.EndsWith("_total", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Every_counter_of_workers_is_there_with_its_sentence()
    {
        await using RestBench bench = await Filled();
        Scrape scrape = await Read(bench);

        foreach (CounterCatalog.Entry counter in CounterCatalog.All)
            Assert.Contains(counter.Sentence, scrape.Help.Values);
    }

    [Fact]
    public async Task Values_are_those_of_the_controller_under_their_labels()
    {
        await using RestBench bench = await Filled();
        Scrape scrape = await Read(bench);

        Assert.Equal(7, scrape.Values["fastpath_port_rx_packets_total{port=\"web1\"}"]);
        Assert.Equal(
            3, scrape.Values["fastpath_drops_total{node=\"ip4-lookup\",reason=\"noRoute\",severity=\"config\"}"]);
        Assert.Equal(10, scrape.Values["fastpath_worker_received_packets_total{worker=\"0\"}"]);
        Assert.Equal(1e-9, scrape.Values["fastpath_worker_poll_gap_max_seconds{worker=\"0\"}"]);
        Assert.Equal(65_536, scrape.Values["fastpath_table_capacity{table=\"fdb\"}"]);
        Assert.Equal(1, scrape.Values["fastpath_ready"]);
        Assert.Equal(0.00025, scrape.Values["fastpath_gc_pause_max_seconds"]);
    }

    [Fact]
    public async Task Counters_only_grow_while_what_they_count_lives()
    {
        await using RestBench bench = await Filled();
        Scrape before = await Read(bench);
        bench.Controller.PortCounters["rxPackets"] = 9;
        bench.Controller.DropList[0] = bench.Controller.DropList[0] with { Packets = 4 };
        Scrape after = await Read(bench);

        Assert.Equal(9, after.Values["fastpath_port_rx_packets_total{port=\"web1\"}"]);
        foreach ((string series, double value) in before.Values)
            if (before.Types[NameOf(series)] == "counter")
                Assert.True(after.Values[series] >= value, series);
    }

    [Fact]
    public async Task What_was_removed_is_gone_and_starts_again_when_it_comes_back()
    {
        await using RestBench bench = await Filled();
        await Read(bench);
        await bench.Delete("/api/v1/ports/web1");
        Assert.DoesNotContain((await Read(bench)).Values.Keys, series => series.Contains("web1"));
        bench.Controller.PortCounters["rxPackets"] = 2;
        await bench.Put("/api/v1/ports/web1", """{"device":"eth9"}""");
        Assert.Equal(2, (await Read(bench)).Values["fastpath_port_rx_packets_total{port=\"web1\"}"]);
        // Made anew between two scrapes: nobody saw it gone.
        bench.Controller.PortCounters["rxPackets"] = 1;
        Assert.Equal(1, (await Read(bench)).Values["fastpath_port_rx_packets_total{port=\"web1\"}"]);
    }

    [Fact]
    public async Task Scrapes_at_once_do_not_mix()
    {
        await using RestBench bench = await Filled();
        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => bench.Get("/metrics")));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.All(answers, answer => Parse(answer.Body));
    }

    private static async Task<RestBench> Filled()
    {
        RestBench bench = await RestBench.Start();
        await bench.Put("/api/v1/ports/web1", """{"device":"eth9"}""");
        await bench.Put("/api/v1/bridges/blue", "{}");
        bench.Controller.DropList.Add(new DropView("ip4-lookup", "noRoute", "config", 3, "No route.", ""));
        return bench;
    }

    private static async Task<Scrape> Read(RestBench bench)
    {
        Answer answer = await bench.Get("/metrics");
        Assert.Equal((200, "text/plain; version=0.0.4; charset=utf-8"), (answer.Status, answer.MediaType));
        return Parse(answer.Body);
    }

    // Every line must be one that the format allows.
    private static Scrape Parse(string text)
    {
        Scrape scrape = new([], [], []);
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ', 4);
            if (words[0] == "#" && words[1] == "HELP")
                scrape.Help.Add(words[2], words[3]);
            else if (words[0] == "#" && words[1] == "TYPE")
                scrape.Types.Add(words[2], words[3]);
            else
            {
                Match match = SeriesLine().Match(line);
                Assert.True(match.Success, line);
                double value = double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture);
                scrape.Values.Add(match.Groups["series"].Value, value);
            }
        }

        return scrape;
    }

    private static string NameOf(string series) => series.Split('{')[0];

    [GeneratedRegex("""^(?<series>[a-z_][a-z0-9_]*(\{([a-z_]+="[^"]*",?)+\})?) (?<value>[-+0-9.eE]+)$""")]
    private static partial Regex SeriesLine();

    private sealed record Scrape(
        Dictionary<string, string> Help, Dictionary<string, string> Types, Dictionary<string, double> Values);
}
