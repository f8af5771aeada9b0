using System.Linq;
using System.Threading.Tasks;
using FastPath.Api;
using Xunit;

namespace FastPath.Tests.Control.Rest;

public sealed class ResourceTests
{
    /// <summary>Collection, path of one object, its body, a member of the view that names it.</summary>
    public static TheoryData<string, string, string> Resources => new()
    {
        { "ports", "/api/v1/ports/web1", """{"device":"eth9","addresses":["192.0.2.1/24"]}""" },
        { "uplinks", "/api/v1/uplinks/wan", """{"device":"eth0","mode":"copy"}""" },
        { "bridges", "/api/v1/bridges/blue", """{"agingSeconds":60}""" },
        { "vteps", "/api/v1/vteps/v1", """{"address":"192.0.2.1"}""" },
        { "fdb", "/api/v1/fdb/blue/02:00:00:00:00:0a", """{"port":"web1"}""" },
        { "routes", "/api/v1/routes/10.0.0.0~8", """{"via":"192.0.2.254"}""" },
        { "routes", "/api/v1/routes/2001:db8::~32", """{"type":"blackhole"}""" },
        { "neighbors", "/api/v1/neighbors/web1/192.0.2.9", """{"mac":"02:00:00:00:00:09"}""" },
        { "punt", "/api/v1/punt", """{"hostAddresses":["198.51.100.1/30"]}""" },
    };

    [Theory, MemberData(nameof(Resources))]
    public async Task Put_twice_makes_one_object_and_changes_once(string collection, string path, string body)
    {
        await using RestBench bench = await RestBench.Start();
        Answer first = await bench.Put(path, body);
        Answer second = await bench.Put(path, body);

        Assert.Equal((201, path, 2), (first.Status, first.Location, first.Revision));
        Assert.Equal((200, "", 2), (second.Status, second.Location, second.Revision));
        Assert.Single(first.As<ChangeResult>().Changes);
        Assert.Empty(second.As<ChangeResult>().Changes);
        if (collection != "punt")
            Assert.Equal(1, (await bench.Get($"/api/v1/{collection}")).Json.GetProperty("items").GetArrayLength());
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task What_was_put_is_there_until_it_is_deleted(string collection, string path, string body)
    {
        await using RestBench bench = await RestBench.Start();
        Assert.Equal($"{collection == "punt"}", $"{(await bench.Get(path)).Problem(404).Detail.Contains("PUT one")}");
        await bench.Put(path, body);
        Answer there = await bench.Get(path);
        Answer deleted = await bench.Delete(path);

        Assert.Equal((200, 2, "application/json"), (there.Status, there.Revision, there.MediaType));
        Assert.Equal((204, "", 3), (deleted.Status, deleted.Body, deleted.Revision));
        (await bench.Get(path)).Problem(404);
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task Delete_is_idempotent_unless_the_object_is_asked_for(string collection, string path, string body)
    {
        await using RestBench bench = await RestBench.Start();
        Assert.Equal(204, (await bench.Delete(path)).Status);
        Assert.Equal(1, (await bench.Delete(path)).Revision);
        (await bench.Delete(path, ("If-Match", "*"))).Problem(404);
        (await bench.Delete(path, ("If-Match", "\"1\""))).Problem(404);
        await bench.Put(path, body);
        Assert.Equal(204, (await bench.Delete(path, ("If-Match", "*"))).Status);
        Assert.NotEmpty(collection);
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task A_dry_run_says_what_would_change_and_changes_nothing(string collection, string path, string body)
    {
        await using RestBench bench = await RestBench.Start();
        ChangeResult put = (await bench.Put(path + "?dryRun=true", body)).As<ChangeResult>();
        (await bench.Get(path)).Problem(404);
        await bench.Put(path, body);
        ChangeResult delete = (await bench.Delete(path + "?dryRun=true")).As<ChangeResult>();

        Assert.True(put is { DryRun: true, Revision: 1, Changes.Count: 1 }, collection);
        Assert.True(delete is { DryRun: true, Revision: 2, Changes.Count: 1 }, collection);
        Assert.Equal(200, (await bench.Get(path)).Status);
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task A_change_on_an_old_revision_is_refused(string collection, string path, string body)
    {
        await using RestBench bench = await RestBench.Start();
        await bench.Put("/api/v1/bridges/other", "{}");
        Problem put = (await bench.Put(path, body, ("If-Match", "\"1\""))).Problem(412);
        Problem delete = (await bench.Delete(path, ("If-Match", "\"1\""))).Problem(412);

        Assert.Contains("revision 2", put.Detail);
        Assert.Contains("revision 2", delete.Detail);
        Assert.Equal(201, (await bench.Put(path, body, ("If-Match", "\"1\", \"2\""))).Status);
        Assert.NotEmpty(collection);
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task Create_only_and_replace_only_are_kept(string collection, string path, string body)
    {
        await using RestBench bench = await RestBench.Start();
        (await bench.Put(path, body, ("If-Match", "*"))).Problem(412);
        Assert.Equal(201, (await bench.Put(path, body, ("If-None-Match", "*"))).Status);
        (await bench.Put(path, body, ("If-None-Match", "*"))).Problem(412);
        Assert.Equal(200, (await bench.Put(path, body, ("If-Match", "*"))).Status);
        Assert.NotEmpty(collection);
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task An_unknown_member_is_refused_with_its_pointer(string collection, string path, string body)
    {
        await using RestBench bench = await RestBench.Start();
        Problem problem = (await bench.Put(path, $$"""{"nonsense":1,{{body[1..]}}""")).Problem(400);

        FieldError error = Assert.Single(problem.Errors);
        Assert.StartsWith($"/{collection}", error.Path);
        Assert.EndsWith("/nonsense", error.Path);
        Assert.Equal(1, bench.Controller.Current.Revision);
    }

    [Theory]
    [InlineData("/api/v1/ports/web1", """{"mtu":"1500","learning":"yes","addresses":{}}""",
        "/ports/web1/mtu", "/ports/web1/learning", "/ports/web1/addresses")]
    [InlineData("/api/v1/ports/a~b", """{"device":7}""", "/ports/a~0b/device")]
    [InlineData("/api/v1/bridges/blue", """{"gateway":{"addresses":["192.0.2.1/24",5]}}""",
        "/bridges/blue/gateway/addresses/1")]
    [InlineData("/api/v1/vteps/v1", """{"ttl":6.5}""", "/vteps/v1/ttl")]
    [InlineData("/api/v1/routes/10.0.0.0~8", """{"via":{}}""", "/routes/0/via")]
    [InlineData("/api/v1/fdb/blue/02:00:00:00:00:0a", "[]", "/fdb/0")]
    [InlineData("/api/v1/punt", """{"installRoutes":null}""", "/punt/installRoutes")]
    public async Task A_wrong_type_is_refused_with_its_pointer(string path, string body, params string[] pointers)
    {
        await using RestBench bench = await RestBench.Start();
        Problem problem = (await bench.Put(path, body)).Problem(400);

        Assert.Equal(pointers, problem.Errors.Select(error => error.Path));
    }

    [Theory]
    [InlineData("/api/v1/routes/10.0.0.1~8", "/prefix", "10.0.0.0/8")]
    [InlineData("/api/v1/routes/010.0.0.0~8", "/prefix", "")]
    [InlineData("/api/v1/routes/default", "/prefix", "")]
    [InlineData("/api/v1/fdb/blue/2:0:0:0:0:a", "/mac", "")]
    [InlineData("/api/v1/neighbors/web1/1", "/address", "")]
    public async Task An_address_in_the_path_is_read_strictly(string path, string field, string hint)
    {
        await using RestBench bench = await RestBench.Start();
        Answer[] answers = [await bench.Get(path), await bench.Put(path, "{}"), await bench.Delete(path)];
        foreach (Answer answer in answers)
        {
            Problem problem = answer.Problem(400);
            Assert.Equal(field, Assert.Single(problem.Errors).Path);
            Assert.Contains(hint, problem.Detail);
        }
    }

    [Fact]
    public async Task Different_spellings_name_one_object()
    {
        await using RestBench bench = await RestBench.Start();
        Assert.Equal(201, (await bench.Put("/api/v1/routes/2001:db8::~32", """{"type":"blackhole"}""")).Status);
        Assert.Equal(200, (await bench.Put("/api/v1/routes/2001:0DB8:0::%2F32", """{"type":"blackhole"}""")).Status);
        Assert.Equal(201, (await bench.Put("/api/v1/fdb/blue/02:00:00:00:00:0a", """{"port":"p"}""")).Status);
        Assert.Equal(200, (await bench.Put("/api/v1/fdb/blue/02:00:00:00:00:0A", """{"port":"p"}""")).Status);

        Assert.Single(bench.Controller.Current.Config.Routes);
        Assert.Single(bench.Controller.Current.Config.Fdb);
    }

    [Fact]
    public async Task A_body_may_repeat_the_key_of_its_path_but_not_contradict_it()
    {
        await using RestBench bench = await RestBench.Start();
        const string Path = "/api/v1/routes/10.0.0.0~8";
        Assert.Equal(201, (await bench.Put(Path, """{"prefix":"10.0.0.0/8","via":"192.0.2.1"}""")).Status);
        Problem problem = (await bench.Put(Path, """{"prefix":"11.0.0.0/8"}""")).Problem(400);

        Assert.Equal("/routes/0", Assert.Single(problem.Errors).Path);
        Assert.Equal("10.0.0.0/8", Assert.Single(bench.Controller.Current.Config.Routes).Prefix);
    }

    [Fact]
    public async Task A_configuration_that_is_not_valid_is_422_with_every_error()
    {
        await using RestBench bench = await RestBench.Start();
        Problem problem = (await bench.Put("/api/v1/ports/web1", """{"device":"eth9","bridge":"blue"}""")).Problem(422);

        Assert.Equal(new FieldError("/ports/web1/bridge", "there is no bridge blue"), Assert.Single(problem.Errors));
    }

    [Fact]
    public async Task What_others_need_cannot_be_deleted()
    {
        await using RestBench bench = await RestBench.Start();
        await bench.Put("/api/v1/bridges/blue", "{}");
        await bench.Put("/api/v1/ports/web1", """{"device":"eth9","bridge":"blue"}""");
        Problem problem = (await bench.Delete("/api/v1/bridges/blue")).Problem(409);

        Assert.Equal("bridge blue is in use by ports/web1: change or delete what uses it first", problem.Detail);
        Assert.Equal("/ports/web1/bridge", Assert.Single(problem.Errors).Path);
        Assert.Equal(200, (await bench.Get("/api/v1/bridges/blue")).Status);
    }

    [Fact]
    public async Task Lists_can_be_filtered()
    {
        await using RestBench bench = await RestBench.Start();
        await bench.Put("/api/v1/fdb/blue/02:00:00:00:00:0a", """{"port":"web1"}""");
        await bench.Put("/api/v1/fdb/red/02:00:00:00:00:0a", """{"port":"web2"}""");
        Items<FdbView> blue = (await bench.Get("/api/v1/fdb?bridge=blue")).As<Items<FdbView>>();
        Items<FdbView> none = (await bench.Get("/api/v1/fdb?bridge=blue&port=web2")).As<Items<FdbView>>();

        Assert.Equal("web1", Assert.Single(blue.List).Target);
        Assert.Empty(none.List);
    }

    [Fact]
    public async Task Flushing_takes_a_bridge_or_a_port_that_exists()
    {
        await using RestBench bench = await RestBench.Start();
        await bench.Put("/api/v1/bridges/blue", "{}");

        Assert.Equal(5, (await bench.Delete("/api/v1/fdb")).As<FlushResult>().Removed);
        Assert.Equal(5, (await bench.Delete("/api/v1/fdb?bridge=blue")).As<FlushResult>().Removed);
        (await bench.Delete("/api/v1/fdb?bridge=blu")).Problem(404);
        (await bench.Delete("/api/v1/fdb?port=web1")).Problem(404);
        Assert.Equal([(null, null), ("blue", null)], bench.Controller.Flushes);
    }
}
