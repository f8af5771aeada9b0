using System.Collections.Generic;
using System.Threading.Tasks;
using FastPath.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FastPath.Control.Rest;

/// <summary>What can only be read: drops, counters, workers, graph, system and events.</summary>
internal sealed class StateEndpoints(IController controller)
{
    private const string Dot = "text/vnd.graphviz";

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/drops", http => List(http, controller.Drops()))
            .Describe("listDrops", "Packets dropped, by node and reason, most first, each with what to do.")
            .Answers<Items<DropView>>().Queries();
        api.MapGet("/counters", http => List(http, CounterSums.Of(controller.Workers())))
            .Describe("listCounters", "Counters of the whole switch.").Answers<Items<CounterView>>().Queries();
        api.MapGet("/workers", http => List(http, controller.Workers()))
            .Describe("listWorkers", "Workers with their counters, nodes and frames.")
            .Answers<Items<WorkerView>>().Queries();
        api.MapGet("/events", http => List(http, controller.System().Events))
            .Describe("listEvents", "Latest changes of state and their reasons, newest last.")
            .Answers<Items<EventView>>().Queries();
        api.MapGet("/system", http => JsonAnswer.Write(http, StatusCodes.Status200OK, controller.System()))
            .Describe("getSystem", "Version, readiness, kernel features.").Answers<SystemView>().Queries();
        api.MapGet("/graph", Graph)
            .Describe("getGraph", "The graph of nodes, as JSON or in Graphviz's language by Accept.")
            .Answers<GraphView>().Fails(406).Queries();
    }

    private Task List<T>(HttpContext http, IReadOnlyList<T> items) =>
        JsonAnswer.Write(http, StatusCodes.Status200OK, new Items<T>(items, controller.Current.Revision));

    private Task Graph(HttpContext http)
    {
        http.Response.Headers.Vary = "Accept";
        return Accepts.Choose(http.Request, JsonAnswer.MediaType, Dot, "text/plain") switch
        {
            null => Problems.Write(http, ProblemKind.NotAcceptable, $"accept {JsonAnswer.MediaType} or {Dot}"),
            JsonAnswer.MediaType => JsonAnswer.Write(http, StatusCodes.Status200OK, controller.Graph()),
            string text => TextAnswer.Write(http, controller.Graph().Dot, text),
        };
    }
}
