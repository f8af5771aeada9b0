using System;
using System.Net.Http;
using System.Text;
using System.Threading.Tasks;
using CsCheck;
using Xunit;

namespace FastPath.Tests.Control.Rest;

public sealed class HostileRequestTests
{
    private static readonly (string Path, string Body)[] s_seeds =
    [
        ("/api/v1/ports/web1", """{"device":"eth9","addresses":["192.0.2.1/24"],"mtu":1500,"learning":true}"""),
        ("/api/v1/ports/web2", """{"container":{"namespace":"web","interface":"eth0","addresses":["10.0.0.1/24"]}}"""),
        ("/api/v1/bridges/blue", """{"vni":100,"vtep":"v1","remotes":["192.0.2.2"],"gateway":{"addresses":[]}}"""),
        ("/api/v1/routes/10.0.0.0~8", """{"prefix":"10.0.0.0/8","via":"192.0.2.254","type":"unicast"}"""),
        ("/api/v1/fdb/blue/02:00:00:00:00:0a", """{"port":"web1"}"""),
        ("/api/v1/config", """{"system":{"workers":1,"processors":[0]},"ports":{"a":{}},"routes":[{}],"punt":{}}"""),
    ];

    private static readonly string[] s_pieces =
    [
        "null", "{}", "[]", "\"\"", "\"\\ud800\"", "1e999", "-1", "99999999999", "true", "{\"a\":1}", ",", "\u0000",
        "é", "\"x\":",
    ];

    private static readonly string[] s_steps =
    [
        "ports", "routes", "fdb", "neighbors", "config", "punt", "..", "~", "%2F", "%FF", "", "10.0.0.0~8",
        "?", "#",
    ];

    [Fact]
    public async Task Any_body_is_answered_with_success_or_a_problem_and_never_with_a_5xx()
    {
        await using RestBench bench = await RestBench.Start();
        await Gen.Select(Gen.Int[0, s_seeds.Length - 1], Mutations).SampleAsync(async (seed, mutations) =>
        {
            (string path, string body) = s_seeds[seed];
            byte[] bytes = Encoding.UTF8.GetBytes(body);
            foreach ((int at, int length, int piece, int raw) in mutations)
            {
                byte[] instead = piece < s_pieces.Length ? Encoding.UTF8.GetBytes(s_pieces[piece]) : [(byte)raw];
                bytes = Replace(bytes, at, length, instead);
            }

            Check(await bench.Send(HttpMethod.Put, path, bytes, "application/json"), path, bytes);
        }, iter: 1000);
    }

    [Fact]
    public async Task Any_path_is_answered_with_success_or_a_problem_and_never_with_a_5xx()
    {
        await using RestBench bench = await RestBench.Start();
        string[] methods = ["GET", "PUT", "DELETE", "POST", "PATCH", "OPTIONS"];
        Gen<string> step = Gen.OneOf(
            OneOf(s_steps),
            Gen.String[Gen.Char[' ', '~'], 0, 8].Select(Uri.EscapeDataString));
        Gen<(string, string[], bool)> requests = Gen.Select(OneOf(methods), step.Array[0, 4], Gen.Bool);
        await requests.SampleAsync(async (method, steps, hasBody) =>
        {
            string path = "/api/v1/" + string.Join('/', steps);
            byte[]? body = hasBody ? "{}"u8.ToArray() : null;
            Answer answer = await bench.Send(new HttpMethod(method), path, body, hasBody ? "application/json" : null);
            Check(answer, path, body ?? []);
        }, iter: 1000);
    }

    private static Gen<(int At, int Length, int Piece, int Raw)[]> Mutations =>
        Gen.Select(Gen.Int[0, 120], Gen.Int[0, 12], Gen.Int[0, s_pieces.Length + 4], Gen.Int[0, 255]).Array[1, 4];

    private static Gen<string> OneOf(string[] values) => Gen.Int[0, values.Length - 1].Select(n => values[n]);

    private static void Check(Answer answer, string path, byte[] body)
    {
        string request = $"{path} {Encoding.Latin1.GetString(body)}: {answer.Status} {answer.Body}";
        Assert.True(answer.Status is >= 200 and < 500, request);
        if (answer.Status >= 400)
            answer.Problem(answer.Status);
    }

    private static byte[] Replace(byte[] bytes, int at, int length, byte[] piece)
    {
        int start = Math.Min(at, bytes.Length);
        int end = Math.Min(start + length, bytes.Length);
        return [.. bytes[..start], .. piece, .. bytes[end..]];
    }
}
