using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using CommunityToolkit.HighPerformance;
using CommunityToolkit.HighPerformance.Buffers;
using FastPath.Api;
using FastPath.Control.Rest;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FastPath.Control.Metrics;

/// <summary>
/// /metrics in Prometheus' text format. Workers know nothing of it: a scrape reads the views of the controller, as
/// the REST API does.
/// </summary>
internal sealed class MetricsEndpoint : IDisposable
{
    private const int TypicalBytes = 64 * 1024;

    private readonly IController _controller;
    private readonly MetricRegistry _registry = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly PortMetrics _ports;
    private readonly WorkerMetrics _workers;
    private readonly SwitchMetrics _switch;
    private readonly ProcessMetrics _process;

    public MetricsEndpoint(IController controller)
    {
        _controller = controller;
        _ports = new PortMetrics(_registry);
        _workers = new WorkerMetrics(_registry);
        _switch = new SwitchMetrics(_registry);
        _process = new ProcessMetrics(_registry);
    }

    public void Map(IEndpointRouteBuilder root) =>
        root.MapGet("/metrics", Scrape)
            .Describe("getMetrics", "Metrics in Prometheus' text format.").AnswersText("text/plain").Queries();

    public void Dispose() => _turn.Dispose();

    // Into a buffer first: a client that reads slowly must not keep others from their turn.
    private async Task Scrape(HttpContext http)
    {
        using ArrayPoolBufferWriter<byte> buffer = new(TypicalBytes);
        await _turn.WaitAsync(http.RequestAborted);
        try
        {
            Update();
            await using Stream stream = buffer.AsStream();
            await _registry.Write(stream, http.RequestAborted);
        }
        finally
        {
            _turn.Release();
        }

        http.Response.ContentType = MetricRegistry.MediaType;
        http.Response.ContentLength = buffer.WrittenCount;
        await http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
    }

    private void Update()
    {
        SystemView system = _controller.System();
        _ports.Update(_controller.Ports());
        _workers.Update(_controller.Workers());
        _switch.Update(system, _controller.Drops(), _controller.Bridges());
        _process.Update(system);
    }
}
