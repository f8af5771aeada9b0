using System.Threading.Tasks;
using FastPath.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FastPath.Control.Rest;

/// <summary>
/// /healthz: fastpathd answers, so leave it running. /readyz: it forwards as configured, so send it traffic; 503 with
/// the reasons when not.
/// </summary>
internal sealed class HealthEndpoints(IController controller)
{
    public void Map(IEndpointRouteBuilder root)
    {
        root.MapGet("/healthz", http => TextAnswer.Write(http, "ok\n", "text/plain"))
            .Describe("getHealth", "fastpathd is alive.").AnswersText("text/plain").Queries();
        root.MapGet("/readyz", Ready)
            .Describe("getReadiness", "fastpathd forwards as configured; 503 with the reasons when not.")
            .Answers<ReadyView>(StatusCodes.Status200OK, StatusCodes.Status503ServiceUnavailable).Queries();
    }

    private Task Ready(HttpContext http)
    {
        SystemView system = controller.System();
        return JsonAnswer.Write(http,
            system.State == SystemStates.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            new ReadyView(system.State, system.Reasons));
    }
}
