using System;
using System.Globalization;
using System.IO;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using FastPath.Api;
using FastPath.Control.Rest;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace FastPath.Tests.Control.Rest;

/// <summary>The REST API over a fake controller, behind Kestrel on a unix socket of its own.</summary>
public sealed class RestBench : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fastpath-rest-").FullName;
    private RestServer _server = null!;

    internal FakeController Controller { get; } = new();

    public string SocketPath => Path.Combine(_directory, "api.sock");

    public HttpClient Http { get; private set; } = null!;

    public static async Task<RestBench> Start()
    {
        RestBench bench = new();
        bench._server = await RestServer.Start(
            bench.Controller, new RestOptions { SocketPath = bench.SocketPath }, NullLoggerFactory.Instance);
        SocketsHttpHandler handler = new() { ConnectCallback = async (_, cancel) => await bench.Connect(cancel) };
        bench.Http = new HttpClient(handler) { BaseAddress = new Uri("http://localhost") };
        return bench;
    }

    public Task<Answer> Get(string path, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Get, path, null, null, headers);

    public Task<Answer> Put(string path, string json, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Put, path, Encoding.UTF8.GetBytes(json), "application/json", headers);

    public Task<Answer> Delete(string path, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Delete, path, null, null, headers);

    public async Task<Answer> Send(
        HttpMethod method, string path, byte[]? body, string? mediaType, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, path);
        if (body != null)
            request.Content = new ByteArrayContent(body);
        if (mediaType != null)
            request.Content!.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage response = await Http.SendAsync(request);
        return new Answer(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.ToString() ?? "",
            response.Headers.ETag?.Tag ?? "",
            response.Headers.Location?.ToString() ?? "",
            await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task<Stream> Connect(global::System.Threading.CancellationToken cancel)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancel);
        return new NetworkStream(socket, ownsSocket: true);
    }
}

/// <summary>What the server answered.</summary>
public sealed record Answer(int Status, string MediaType, string Tag, string Location, string Body)
{
    /// <summary>The revision in the tag, which names the start of the daemon before it.</summary>
    public long Revision => long.Parse(Tag.Trim('"').Split('-')[1], CultureInfo.InvariantCulture);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The body as a problem, which it must be.</summary>
    public Problem Problem(int status)
    {
        Assert.Equal("application/problem+json", MediaType);
        Problem problem = JsonSerializer.Deserialize(Body, ApiJson.Strict.TypeOf<Problem>())!;
        Assert.Equal((status, status), (Status, problem.Status));
        Assert.StartsWith("urn:fastpath:problem:", problem.Type);
        Assert.NotEmpty(problem.Title);
        return problem;
    }

    /// <summary>The body as a record, read strictly: nothing unknown is in it.</summary>
    public T As<T>() => JsonSerializer.Deserialize(Body, ApiJson.Strict.TypeOf<T>())!;
}
