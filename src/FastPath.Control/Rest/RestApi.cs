using FastPath.Control.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FastPath.Control.Rest;

/// <summary>The REST API over a controller. docs/API.md says what clients may rely on.</summary>
public static class RestApi
{
    public const string Path = "/api/v1";

    internal const string ConfigPath = Path + "/config";

    /// <summary>Services that <see cref="Map"/> needs.</summary>
    public static IServiceCollection AddRestApi(this IServiceCollection services) =>
        services.AddRoutingCore().AddApiDescription();

    /// <summary>Maps every resource, the metrics, the health checks and the OpenAPI document.</summary>
    public static void Map(WebApplication app, IController controller)
    {
        ILogger log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("FastPath.Rest");
        Changes changes = new(controller);
        MetricsEndpoint metrics = new(controller);
        app.Lifetime.ApplicationStopped.Register(changes.Dispose);
        app.Lifetime.ApplicationStopped.Register(metrics.Dispose);

        app.Use(next => Problems.Catch(next, log));
        app.UseStatusCodePages(Problems.WriteStatus);
        app.Use(HostCheck.Run);
        app.Use(QueryNames.Run);

        new HealthEndpoints(controller).Map(app);
        metrics.Map(app);
        app.MapOpenApi();
        MapResources(app.MapGroup(Path), controller, changes);
    }

    private static void MapResources(RouteGroupBuilder api, IController controller, Changes changes)
    {
        new ConfigEndpoints(controller, changes).Map(api);
        Map(api, new PortResource(), controller, changes);
        Map(api, new UplinkResource(), controller, changes);
        Map(api, new BridgeResource(), controller, changes);
        Map(api, new VtepResource(), controller, changes);
        Map(api, new FdbResource(), controller, changes);
        Map(api, new RouteResource(), controller, changes);
        Map(api, new NeighborResource(), controller, changes);
        new PuntEndpoints(controller, changes).Map(api);
        new FdbFlushEndpoint(controller).Map(api);
        new StateEndpoints(controller).Map(api);
    }

    private static void Map<TConfig, TView>(
        RouteGroupBuilder api, Resource<TConfig, TView> resource, IController controller, Changes changes)
        where TConfig : class
        where TView : class =>
        new ResourceEndpoints<TConfig, TView>(resource, controller, changes).Map(api);
}
