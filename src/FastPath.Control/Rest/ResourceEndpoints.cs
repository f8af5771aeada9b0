using System.Collections.Generic;
using System.Threading.Tasks;
using FastPath.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FastPath.Control.Rest;

/// <summary>GET of all; GET, PUT and DELETE of one object of a resource.</summary>
internal sealed class ResourceEndpoints<TConfig, TView>(
    Resource<TConfig, TView> resource, IController controller, Changes changes)
    where TConfig : class
    where TView : class
{
    public void Map(IEndpointRouteBuilder api)
    {
        string one = $"/{resource.Name}/{resource.KeyTemplate}";
        string singular = resource.Singular;
        string plural = char.ToUpperInvariant(resource.Name[0]) + resource.Name[1..];
        api.MapGet($"/{resource.Name}", List).Describe($"list{plural}", $"All of {resource.Name} with their state.")
            .Answers<Items<TView>>().Queries(resource.Filters);
        api.MapGet(one, Get).Describe($"get{plural}", $"One {singular} with its state.")
            .Answers<TView>().Fails(404).Queries();
        api.MapPut(one, Put).Describe($"put{plural}", $"Makes or replaces a {singular}.")
            .Takes<TConfig>().Answers<ChangeResult>(200, 201).FailsAsChange().Queries(QueryNames.DryRun);
        api.MapDelete(one, Delete)
            .Describe($"delete{plural}", $"Removes a {singular}; 404 only when If-Match wants one.")
            .Answers<ChangeResult>().Empty(204).FailsAsChange().Queries(QueryNames.DryRun);
    }

    private Task List(HttpContext http)
    {
        long revision = controller.Current.Revision;
        IReadOnlyList<TView> views = resource.Views(controller);
        foreach (string filter in resource.Filters)
            if (http.Request.Query[filter] is [{ } value])
                views = Filter(views, filter, value);
        http.Response.Headers.ETag = Preconditions.Tag(revision);
        return JsonAnswer.Write(http, StatusCodes.Status200OK, new Items<TView>(views, revision));
    }

    private Task Get(HttpContext http)
    {
        if (!resource.TryReadKey(http.Request.RouteValues, out ObjectKey key, out FieldError? error))
            return Problems.WriteField(http, ProblemKind.Malformed, error);
        long revision = controller.Current.Revision;
        foreach (TView view in resource.Views(controller))
        {
            if (!resource.Is(view, key))
                continue;
            http.Response.Headers.ETag = Preconditions.Tag(revision);
            return JsonAnswer.Write(http, StatusCodes.Status200OK, view);
        }

        return Problems.Write(http, ProblemKind.NotFound, $"there is no {key} in {resource.Name}");
    }

    private async Task Put(HttpContext http)
    {
        if (!resource.TryReadKey(http.Request.RouteValues, out ObjectKey key, out FieldError? error))
            await Problems.WriteField(http, ProblemKind.Malformed, error);
        else if (await ReadBody(http, key) is { } value)
            await changes.Run(http, new ChangeRequest($"{resource.Singular} {key}", IsRemoval: false,
                config => resource.Exists(config, key), config => resource.With(config, key, value)));
    }

    private Task Delete(HttpContext http) =>
        resource.TryReadKey(http.Request.RouteValues, out ObjectKey key, out FieldError? error)
            ? changes.Run(http, new ChangeRequest($"{resource.Singular} {key}", IsRemoval: true,
                config => resource.Exists(config, key), config => resource.Without(config, key)))
            : Problems.WriteField(http, ProblemKind.Malformed, error);

    // The object sent; null when the client has got an error instead.
    private async Task<TConfig?> ReadBody(HttpContext http, ObjectKey key)
    {
        string pointer = resource.PointerTo(controller.Current.Config, key);
        TConfig? sent = await JsonBody.Read<TConfig>(http, pointer);
        if (sent == null)
            return null;
        if (!resource.Contradicts(sent, key))
            return resource.Complete(sent, key);
        await Problems.WriteField(http, ProblemKind.Malformed,
            new FieldError(pointer, $"is not {key}, which the path names: leave the key out of the body"));
        return null;
    }

    private List<TView> Filter(IReadOnlyList<TView> views, string filter, string value)
    {
        List<TView> some = [];
        foreach (TView view in views)
            if (resource.Matches(view, filter, value))
                some.Add(view);
        return some;
    }
}
