using System.Threading.Tasks;
using FastPath.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FastPath.Control.Rest;

/// <summary>DELETE /api/v1/fdb: forgets learned addresses; of one bridge or port with ?bridge= and ?port=.</summary>
internal sealed class FdbFlushEndpoint(IController controller)
{
    public void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/fdb", Flush)
            .Describe("flushFdb", "Forgets learned addresses, of all bridges or of some; static entries stay.")
            .Answers<FlushResult>().Fails(404).Queries("bridge", "port");

    private Task Flush(HttpContext http)
    {
        string? bridge = http.Request.Query["bridge"];
        string? port = http.Request.Query["port"];
        ConfigDocument config = controller.Current.Config;
        // A misspelt name would flush nothing and look like success.
        if (bridge != null && !config.Bridges.ContainsKey(bridge))
            return Problems.Write(http, ProblemKind.NotFound, $"there is no bridge {bridge}");
        if (port != null && !config.Ports.ContainsKey(port))
            return Problems.Write(http, ProblemKind.NotFound, $"there is no port {port}");
        return JsonAnswer.Write(http, StatusCodes.Status200OK, new FlushResult(controller.FlushFdb(bridge, port)));
    }
}
