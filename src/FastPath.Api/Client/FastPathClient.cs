using System;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace FastPath.Api;

/// <summary>
/// A client of fastpathd's REST API. Calls may come from any thread; each fails with a <see
/// cref="FastPathException"/> when fastpathd refuses, and with an <see cref="HttpRequestException"/> when it cannot
/// be reached.
/// </summary>
public sealed class FastPathClient(FastPathEndpoint endpoint) : IDisposable
{
    private const string Root = "api/v1/";
    private const string JsonType = "application/json";

    private readonly HttpClient _http = new(endpoint.CreateHandler())
    {
        BaseAddress = endpoint.Address,
        Timeout = TimeSpan.FromMinutes(1),
    };

    public Task<Items<PortView>> Ports(CancellationToken cancel = default) => Get<Items<PortView>>("ports", cancel);

    public Task<Items<PortView>> Uplinks(CancellationToken cancel = default) => Get<Items<PortView>>("uplinks", cancel);

    public Task<Items<BridgeView>> Bridges(CancellationToken cancel = default) =>
        Get<Items<BridgeView>>("bridges", cancel);

    public Task<Items<VtepView>> Vteps(CancellationToken cancel = default) => Get<Items<VtepView>>("vteps", cancel);

    public Task<Items<FdbView>> Fdb(CancellationToken cancel = default) => Get<Items<FdbView>>("fdb", cancel);

    public Task<Items<RouteView>> Routes(CancellationToken cancel = default) => Get<Items<RouteView>>("routes", cancel);

    public Task<Items<NeighborView>> Neighbors(CancellationToken cancel = default) =>
        Get<Items<NeighborView>>("neighbors", cancel);

    public Task<Items<DropView>> Drops(CancellationToken cancel = default) => Get<Items<DropView>>("drops", cancel);

    public Task<Items<CounterView>> Counters(CancellationToken cancel = default) =>
        Get<Items<CounterView>>("counters", cancel);

    public Task<Items<WorkerView>> Workers(CancellationToken cancel = default) =>
        Get<Items<WorkerView>>("workers", cancel);

    public Task<SystemView> System(CancellationToken cancel = default) => Get<SystemView>("system", cancel);

    public Task<GraphView> Graph(CancellationToken cancel = default) => Get<GraphView>("graph", cancel);

    public Task<ConfigDocument> Config(CancellationToken cancel = default) => Get<ConfigDocument>("config", cancel);

    /// <summary>Whether it forwards as configured, with the reasons when not.</summary>
    public async Task<ReadyView> Ready(CancellationToken cancel = default)
    {
        Uri path = new("readyz", UriKind.Relative);
        using HttpResponseMessage response = await _http.GetAsync(path, cancel).ConfigureAwait(false);
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable))
            throw new FastPathException(await ReadProblem(response, cancel).ConfigureAwait(false));
        return await Read<ReadyView>(response, cancel).ConfigureAwait(false);
    }

    /// <summary>Makes or replaces an object, given its path such as ports/web1.</summary>
    public Task<ChangeResult> Put<T>(
        string path, T value, ChangeOptions options = default, CancellationToken cancel = default) =>
        Put(path, JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Lenient.TypeOf<T>()), JsonType, options, cancel);

    /// <summary>The same with a body as it was written, such as a configuration file.</summary>
    public async Task<ChangeResult> Put(string path, ReadOnlyMemory<byte> body, string mediaType,
        ChangeOptions options = default, CancellationToken cancel = default)
    {
        using HttpRequestMessage request = Change(HttpMethod.Put, path, options);
        request.Content = new ReadOnlyMemoryContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using HttpResponseMessage response = await Send(request, cancel).ConfigureAwait(false);
        return await Read<ChangeResult>(response, cancel).ConfigureAwait(false);
    }

    /// <summary>Removes an object that must exist; what changed is known for a dry run only.</summary>
    /// <exception cref="FastPathException">Status 404: it does not exist.</exception>
    public async Task<ChangeResult?> Delete(
        string path, ChangeOptions options = default, CancellationToken cancel = default)
    {
        using HttpRequestMessage request = Change(HttpMethod.Delete, path, options);
        if (options.IfRevision == null)
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Any);
        using HttpResponseMessage response = await Send(request, cancel).ConfigureAwait(false);
        return options.DryRun ? await Read<ChangeResult>(response, cancel).ConfigureAwait(false) : null;
    }

    /// <summary>Forgets learned addresses, of one bridge or port or of all.</summary>
    public async Task<FlushResult> FlushFdb(
        string? bridge = null, string? port = null, CancellationToken cancel = default)
    {
        string query = Parameter("&bridge=", bridge) + Parameter("&port=", port);
        string path = query.Length > 0 ? "fdb?" + query[1..] : "fdb";
        using HttpRequestMessage request = new(HttpMethod.Delete, Relative(path));
        using HttpResponseMessage response = await Send(request, cancel).ConfigureAwait(false);
        return await Read<FlushResult>(response, cancel).ConfigureAwait(false);
    }

    /// <summary>A resource as it came: text of the media type asked for.</summary>
    public async Task<string> Text(string path, string mediaType, CancellationToken cancel = default)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Relative(path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(mediaType));
        using HttpResponseMessage response = await Send(request, cancel).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>A resource by its path, such as ports/web1.</summary>
    public async Task<T> Get<T>(string path, CancellationToken cancel = default)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Relative(path));
        using HttpResponseMessage response = await Send(request, cancel).ConfigureAwait(false);
        return await Read<T>(response, cancel).ConfigureAwait(false);
    }

    public void Dispose() => _http.Dispose();

    private static string Parameter(string name, string? value) =>
        value == null ? "" : name + Uri.EscapeDataString(value);

    private static Uri Relative(string path) => new(Root + path, UriKind.Relative);

    private static HttpRequestMessage Change(HttpMethod method, string path, ChangeOptions options)
    {
        HttpRequestMessage request = new(method, Relative(options.DryRun ? path + "?dryRun=true" : path));
        if (options.IfRevision is { } revision)
            request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{revision}\""));
        if (options.MustBeNew)
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
        return request;
    }

    private async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancel)
    {
        HttpResponseMessage response = await _http.SendAsync(request, cancel).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw new FastPathException(await ReadProblem(response, cancel).ConfigureAwait(false));
    }

    private static async Task<Problem> ReadProblem(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
            return await Read<Problem>(response, cancel).ConfigureAwait(false);
        return new Problem
        {
            Status = (int)response.StatusCode,
            Title = response.ReasonPhrase ?? "",
            Detail = "the answer is not fastpathd's",
        };
    }

    private static async Task<T> Read<T>(HttpResponseMessage response, CancellationToken cancel)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
        return JsonSerializer.Deserialize(body, ApiJson.Lenient.TypeOf<T>())
            ?? throw new JsonException("the answer is null");
    }
}

/// <summary>Conditions of a change.</summary>
/// <param name="DryRun">Only say what would change.</param>
/// <param name="IfRevision">Refuse when the revision is another one (412).</param>
/// <param name="MustBeNew">Refuse when the object exists (412).</param>
public readonly record struct ChangeOptions(bool DryRun = false, long? IfRevision = null, bool MustBeNew = false);
