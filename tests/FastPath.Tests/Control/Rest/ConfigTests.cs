using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading.Tasks;
using FastPath.Api;
using Xunit;

namespace FastPath.Tests.Control.Rest;

public sealed class ConfigTests
{
    private const string Json =
        """{"bridges":{"blue":{"agingSeconds":60}},"routes":[{"prefix":"10.0.0.0/8","via":"192.0.2.1"}]}""";

    private const string Yaml = """
        bridges:
          blue: {agingSeconds: 60}
        routes:
          - {prefix: 10.0.0.0/8, via: 192.0.2.1}
        """;

    [Fact]
    public async Task A_whole_configuration_is_put_and_read_as_JSON_and_as_YAML()
    {
        await using RestBench bench = await RestBench.Start();
        Assert.Equal(200, (await bench.Put("/api/v1/config", Json)).Status);
        Answer again = await bench.Send(
            HttpMethod.Put, "/api/v1/config", Encoding.UTF8.GetBytes(Yaml), "application/yaml");
        Answer json = await bench.Get("/api/v1/config");
        Answer yaml = await bench.Get("/api/v1/config", ("Accept", "application/yaml"));

        Assert.Empty(again.As<ChangeResult>().Changes);
        Assert.Equal(60, json.As<ConfigDocument>().Bridges["blue"].AgingSeconds);
        Assert.Equal(("application/yaml; charset=utf-8", 2), (yaml.MediaType, yaml.Revision));
        Answer round = await bench.Send(
            HttpMethod.Put, "/api/v1/config", Encoding.UTF8.GetBytes(yaml.Body), "application/yaml");
        Assert.Empty(round.As<ChangeResult>().Changes);
        (await bench.Get("/api/v1/config", ("Accept", "text/html"))).Problem(406);
    }

    [Fact]
    public async Task It_replaces_what_was_there_all_or_nothing()
    {
        await using RestBench bench = await RestBench.Start();
        await bench.Put("/api/v1/bridges/red", "{}");
        (await bench.Put("/api/v1/config", """{"ports":{"p":{"device":"eth9","bridge":"nowhere"}}}""")).Problem(422);
        Assert.Single(bench.Controller.Current.Config.Bridges);
        await bench.Put("/api/v1/config", Json);

        Assert.Equal("blue", Assert.Single(bench.Controller.Current.Config.Bridges).Key);
    }

    [Fact]
    public async Task A_dry_run_and_an_old_revision_change_nothing()
    {
        await using RestBench bench = await RestBench.Start();
        ChangeResult dry = (await bench.Put("/api/v1/config?dryRun=true", Json)).As<ChangeResult>();
        Assert.True(dry is { DryRun: true, Changes.Count: 1 });
        (await bench.Put("/api/v1/config", Json, ("If-Match", "\"7\""))).Problem(412);

        Assert.Equal(1, bench.Controller.Current.Revision);
        Assert.Equal(200, (await bench.Put("/api/v1/config", Json, ("If-Match", "\"1\""))).Status);
    }

    [Fact]
    public async Task A_tag_names_the_start_of_the_daemon_so_that_none_of_an_earlier_start_matches()
    {
        await using RestBench bench = await RestBench.Start();
        string tag = (await bench.Get("/api/v1/config")).Tag;
        Problem other = (await bench.Put("/api/v1/config", Json, ("If-Match", "\"0badcafe-1\""))).Problem(412);
        Problem bare = (await bench.Put("/api/v1/config", Json, ("If-Match", "\"7\""))).Problem(412);
        string many = $"\"{new string('x', 5000)}\"";
        Problem cut = (await bench.Put("/api/v1/config", Json, ("If-Match", many))).Problem(412);

        Assert.Matches("^\"[0-9a-f]{8}-1\"$", tag);
        Assert.Contains($"is at {tag} (revision 1), not at \"0badcafe-1\": read it again", other.Detail);
        Assert.Contains("not at \"7\":", bare.Detail);
        Assert.InRange(cut.Detail.Length, 100, 250);
        Assert.Equal(200, (await bench.Put("/api/v1/config", Json, ("If-Match", tag))).Status);
    }

    [Fact]
    public async Task An_unchanged_configuration_is_not_sent_again()
    {
        await using RestBench bench = await RestBench.Start();
        Answer first = await bench.Get("/api/v1/config");
        Answer second = await bench.Get("/api/v1/config", ("If-None-Match", first.Tag));

        Assert.Equal((304, "", first.Tag), (second.Status, second.Body, second.Tag));
    }

    [Fact]
    public async Task Mistakes_in_YAML_have_their_lines()
    {
        await using RestBench bench = await RestBench.Start();
        byte[] yaml = Encoding.UTF8.GetBytes("bridges:\n  blue:\n    agingSecond: 60\n    vni: x\n");
        Problem problem = (await bench.Send(HttpMethod.Put, "/api/v1/config", yaml, "application/yaml")).Problem(400);

        Assert.Equal(["/bridges/blue/agingSecond", "/bridges/blue/vni"], problem.Errors.Select(error => error.Path));
        Assert.Equal([3, 4], problem.Errors.Select(error => error.Line));
    }

    [Fact]
    public async Task What_makes_no_sense_in_YAML_has_its_line_too()
    {
        await using RestBench bench = await RestBench.Start();
        byte[] yaml = Encoding.UTF8.GetBytes("ports:\n  web1:\n    device: eth9\n    bridge: nowhere\n");
        Problem problem = (await bench.Send(HttpMethod.Put, "/api/v1/config", yaml, "application/yaml")).Problem(422);

        Assert.Equal(("/ports/web1/bridge", 4), (problem.Errors.Single().Path, problem.Errors.Single().Line));
    }
}
