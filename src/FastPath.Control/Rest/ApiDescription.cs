using System.Collections.Generic;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using FastPath.Api;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace FastPath.Control.Rest;

/// <summary>
/// The OpenAPI document at /openapi/v1.json, made from the endpoints and from the documentation of the records.
/// docs/openapi.json is a copy; a test keeps it fresh.
/// </summary>
internal static class ApiDescription
{
    public static IServiceCollection AddApiDescription(this IServiceCollection services)
    {
        services.Configure<JsonOptions>(json => UseRulesOf(ApiJson.Strict, json.SerializerOptions));
        services.AddOpenApi(options =>
        {
            options.AddDocumentTransformer(Complete);
            options.AddOperationTransformer(AddParameters);
        });
        return services;
    }

    private static void UseRulesOf(JsonSerializerOptions rules, JsonSerializerOptions json)
    {
        json.TypeInfoResolver = rules.TypeInfoResolver;
        json.PropertyNamingPolicy = rules.PropertyNamingPolicy;
        json.NumberHandling = rules.NumberHandling;
        json.UnmappedMemberHandling = rules.UnmappedMemberHandling;
        json.RespectNullableAnnotations = rules.RespectNullableAnnotations;
    }

    private static Task Complete(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info = new OpenApiInfo
        {
            Title = "FastPath",
            Version = "v1",
            Description = "Programs a FastPath switch and shows its state. Conventions: docs/API.md.",
        };
        // Where a daemon listens is its operator's choice.
        document.Servers = [];
        return Task.CompletedTask;
    }

    // Handlers take the HttpContext, so the generator cannot see the parameters they read from it.
    private static Task AddParameters(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        IList<IOpenApiParameter> parameters = operation.Parameters ??= [];
        foreach (object item in context.Description.ActionDescriptor.EndpointMetadata)
            if (item is QueryNames query)
                foreach (string name in query.Names)
                    parameters.Add(Query(name));
        RoutePattern path = RoutePatternFactory.Parse(context.Description.RelativePath!);
        foreach (RoutePatternParameterPart part in path.Parameters)
            parameters.Add(Key(part.Name));
        return Task.CompletedTask;
    }

    private static OpenApiParameter Query(string name) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Schema = name == QueryNames.DryRun ? new OpenApiSchema { Type = JsonSchemaType.Boolean } : Text(),
    };

    private static OpenApiParameter Key(string name) => new()
    {
        Name = name,
        In = ParameterLocation.Path,
        Required = true,
        Schema = Text(),
    };

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };
}
