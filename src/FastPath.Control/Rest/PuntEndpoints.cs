using System.Threading.Tasks;
using FastPath.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FastPath.Control.Rest;

/// <summary>/api/v1/punt: the one link between host and FastPath.</summary>
internal sealed class PuntEndpoints(IController controller, Changes changes)
{
    private const string Pointer = "/punt";

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/punt", Get).Describe("getPunt", "The link to the host with its state.")
            .Answers<PuntView>().Fails(404).Queries();
        api.MapPut("/punt", Put).Describe("putPunt", "Makes or replaces the link to the host.")
            .Takes<PuntConfig>().Answers<ChangeResult>(200, 201).FailsAsChange().Queries(QueryNames.DryRun);
        api.MapDelete("/punt", Delete).Describe("deletePunt", "Removes the link to the host.")
            .Answers<ChangeResult>().Empty(204).FailsAsChange().Queries(QueryNames.DryRun);
    }

    private Task Get(HttpContext http)
    {
        ConfigRevision current = controller.Current;
        if (current.Config.Punt is not { } config)
            return Problems.Write(http, ProblemKind.NotFound, "there is no link to the host: PUT one");
        http.Response.Headers.ETag = Preconditions.Tag(current.Revision);
        return JsonAnswer.Write(http, StatusCodes.Status200OK, new PuntView(config, StatusNow()));
    }

    private async Task Put(HttpContext http)
    {
        if (await JsonBody.Read<PuntConfig>(http, Pointer) is { } value)
            await changes.Run(http, Request(isRemoval: false, value));
    }

    private Task Delete(HttpContext http) => changes.Run(http, Request(isRemoval: true, null));

    private static ChangeRequest Request(bool isRemoval, PuntConfig? value) =>
        new("link to the host", isRemoval, config => config.Punt != null, config => config with { Punt = value });

    private PortStatus? StatusNow()
    {
        foreach (PortView port in controller.Ports())
            if (port.Kind == PortKinds.Punt)
                return port.Status;
        return null;
    }
}
