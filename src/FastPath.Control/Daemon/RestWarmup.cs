using System;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using FastPath.Api;

namespace FastPath.Control.Daemon;

/// <summary>
/// Asks the API what operators and Prometheus ask, before anybody else does: what the first requests make and keep is
/// then old when packets flow (<see cref="PauseWatch.Begin"/>), and the first real request finds compiled code.
/// </summary>
internal static class RestWarmup
{
    private const int Rounds = 3;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(2);

    private static readonly string[] s_paths =
    [
        "healthz", "readyz", "metrics", "api/v1/config", "api/v1/system", "api/v1/ports", "api/v1/workers", "api/v1/drops",
        "api/v1/counters", "api/v1/fdb", "api/v1/routes", "api/v1/neighbors",
    ];

    /// <summary>Never fails, and never takes long: on a busy machine less is warm.</summary>
    public static async Task Run(string socketPath)
    {
        FastPathEndpoint endpoint = FastPathEndpoint.Socket(socketPath);
        using HttpClient http = new(endpoint.CreateHandler()) { BaseAddress = endpoint.Address };
        using CancellationTokenSource enough = new(s_longest);
        try
        {
            for (int n = 0; n < Rounds * s_paths.Length; n++)
                await Ask(http, s_paths[n % s_paths.Length], enough.Token);
        }
        catch (OperationCanceledException)
        {
            // Time is up.
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            Log.Say($"the API does not answer: {e.Message}");
        }
    }

    private static async Task Ask(HttpClient http, string path, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await http.GetAsync(new Uri(path, UriKind.Relative), cancel);
        await answer.Content.CopyToAsync(Stream.Null, cancel);
    }
}
