using System;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FastPath.Api;
using Xunit;

namespace FastPath.Tests.Control.Rest;

public sealed class RestApiTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"device":"eth9",}""")]
    [InlineData("""{"device":'eth9'}""")]
    [InlineData("nonsense")]
    public async Task Malformed_JSON_is_the_clients_mistake(string body)
    {
        await using RestBench bench = await RestBench.Start();
        (await bench.Put("/api/v1/ports/web1", body)).Problem(400);
        (await bench.Put("/api/v1/config", "{" + body)).Problem(400);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_the_clients_mistake()
    {
        await using RestBench bench = await RestBench.Start();
        byte[] body = [.. "{\"device\":\""u8, 0xFF, .. "\"}"u8];
        (await bench.Send(HttpMethod.Put, "/api/v1/ports/web1", body, "application/json")).Problem(400);
        (await bench.Send(HttpMethod.Put, "/api/v1/config", body, "application/yaml")).Problem(400);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1")]
    [InlineData("/api/v1/port")]
    [InlineData("/api/v1/ports/web1/mtu")]
    [InlineData("/api/v2/ports")]
    public async Task An_unknown_path_is_404(string path)
    {
        await using RestBench bench = await RestBench.Start();
        Assert.Contains(path, (await bench.Get(path)).Problem(404).Detail);
    }

    [Fact]
    public async Task A_method_that_a_resource_does_not_know_is_405_and_says_which_it_knows()
    {
        await using RestBench bench = await RestBench.Start();
        Answer post = await bench.Send(HttpMethod.Post, "/api/v1/ports/web1", null, null);
        Assert.Contains("PUT", post.Problem(405).Detail);
        (await bench.Send(HttpMethod.Put, "/api/v1/drops", null, null)).Problem(405);
        (await bench.Delete("/api/v1/config")).Problem(405);
    }

    [Fact]
    public async Task Another_media_type_is_415_and_none_is_taken_for_JSON()
    {
        await using RestBench bench = await RestBench.Start();
        Task<Answer> Put(string? type) => bench.Send(HttpMethod.Put, "/api/v1/bridges/blue", "{}"u8.ToArray(), type);
        (await Put("text/plain")).Problem(415);
        (await Put("application/x-www-form-urlencoded")).Problem(415);
        (await Put("application/json; charset=utf-16")).Problem(415);

        Assert.Equal(201, (await Put(null)).Status);
        Assert.Equal(200, (await Put("application/json; charset=utf-8")).Status);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_413()
    {
        await using RestBench bench = await RestBench.Start();
        string body = $$"""{"device":"{{new string('x', 70_000)}}"}""";
        (await bench.Put("/api/v1/ports/web1", body)).Problem(413);
        await using System.IO.MemoryStream stream = new(Encoding.UTF8.GetBytes(body));
        using HttpRequestMessage chunked = new(HttpMethod.Put, "/api/v1/ports/web1");
        chunked.Content = new StreamContent(stream);
        chunked.Headers.TransferEncodingChunked = true;
        using HttpResponseMessage response = await bench.Http.SendAsync(chunked);

        Assert.Equal(413, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/bridges/blue?dryrn=true")]
    [InlineData("/api/v1/bridges/blue?dryRun=yes")]
    [InlineData("/api/v1/bridges/blue?dryRun=")]
    [InlineData("/api/v1/bridges/blue?dryRun=true&dryRun=false")]
    public async Task A_query_that_is_not_understood_changes_nothing(string path)
    {
        await using RestBench bench = await RestBench.Start();
        (await bench.Put(path, "{}")).Problem(400);

        Assert.Equal(1, bench.Controller.Current.Revision);
    }

    [Theory]
    [InlineData("If-Match", "1")]
    [InlineData("If-Match", "\"1")]
    [InlineData("If-None-Match", "\"1\"")]
    public async Task A_condition_that_is_not_understood_changes_nothing(string header, string value)
    {
        await using RestBench bench = await RestBench.Start();
        (await bench.Put("/api/v1/bridges/blue", "{}", (header, value))).Problem(400);

        Assert.Equal(1, bench.Controller.Current.Revision);
    }

    [Fact]
    public async Task A_fault_of_the_controller_is_a_500_that_says_so()
    {
        await using RestBench bench = await RestBench.Start();
        bench.Controller.Changing = () => throw new InvalidOperationException("secret");
        Problem problem = (await bench.Put("/api/v1/bridges/blue", "{}")).Problem(500);

        Assert.DoesNotContain("secret", problem.Detail);
        Assert.Equal(200, (await bench.Get("/api/v1/bridges")).Status);
    }

    [Fact]
    public async Task Reading_goes_on_while_changes_wait()
    {
        await using RestBench bench = await RestBench.Start();
        using ManualResetEventSlim hold = new();
        bench.Controller.Changing = hold.Wait;
        // More waiting changes than the thread pool has threads: none but the first may hold one.
        Task<Answer>[] changes =
            Enumerable.Range(0, 64).Select(n => bench.Put($"/api/v1/bridges/b{n}", "{}")).ToArray();
        Answer read = await bench.Get("/api/v1/bridges");
        Answer metrics = await bench.Get("/metrics");
        bool waited = !changes.Any(change => change.IsCompleted);
        hold.Set();

        Assert.Equal((200, 200, true), (read.Status, metrics.Status, waited));
        Assert.All(await Task.WhenAll(changes), change => Assert.Equal(201, change.Status));
        Assert.Equal(64, bench.Controller.Current.Config.Bridges.Count);
    }

    [Fact]
    public async Task Health_and_readiness_say_what_they_mean()
    {
        await using RestBench bench = await RestBench.Start();
        Assert.Equal((200, "ok\n"), ((await bench.Get("/healthz")).Status, (await bench.Get("/healthz")).Body));
        Assert.Equal(SystemStates.Ready, (await bench.Get("/readyz")).As<ReadyView>().State);
        bench.Controller.State = SystemStates.Degraded;
        Answer degraded = await bench.Get("/readyz");

        Assert.Equal(503, degraded.Status);
        Assert.Equal("port web1 is down: no carrier", Assert.Single(degraded.As<ReadyView>().Reasons));
        Assert.Equal(200, (await bench.Get("/healthz")).Status);
    }

    [Fact]
    public async Task State_is_shown()
    {
        await using RestBench bench = await RestBench.Start();
        bench.Controller.DropList.Add(new DropView("ip4-lookup", "noRoute", "config", 3, "No route.", ""));
        bench.Controller.WorkerList.Add(FakeController.Worker(1, received: 5));

        Assert.Equal(3ul, Assert.Single((await bench.Get("/api/v1/drops")).As<Items<DropView>>().List).Packets);
        Assert.Equal(2, (await bench.Get("/api/v1/workers")).As<Items<WorkerView>>().List.Count);
        Items<CounterView> counters = (await bench.Get("/api/v1/counters")).As<Items<CounterView>>();
        Assert.Equal(15ul, counters.List.Single(counter => counter.Name == "received").Value);
        Assert.Equal(1ul, counters.List.Single(counter => counter.Name == "pollGapMaxNs").Value);
        Assert.Equal("up", Assert.Single((await bench.Get("/api/v1/events")).As<Items<EventView>>().List).Message);
        Assert.Equal("0.1.0", (await bench.Get("/api/v1/system")).As<SystemView>().Version);
    }

    [Fact]
    public async Task The_graph_is_JSON_or_dot_by_Accept()
    {
        await using RestBench bench = await RestBench.Start();
        Assert.Equal(2, (await bench.Get("/api/v1/graph")).As<GraphView>().Nodes.Count);
        Answer dot = await bench.Get("/api/v1/graph", ("Accept", "text/vnd.graphviz"));
        Assert.Equal("text/vnd.graphviz; charset=utf-8", dot.MediaType);
        Assert.StartsWith("digraph", dot.Body);
        Answer preferred = await bench.Get("/api/v1/graph", ("Accept", "text/*, application/*;q=0.5"));
        Assert.StartsWith("digraph", preferred.Body);
        Assert.StartsWith("{", (await bench.Get("/api/v1/graph", ("Accept", "*/*"))).Body);
        (await bench.Get("/api/v1/graph", ("Accept", "image/png"))).Problem(406);
    }
}
