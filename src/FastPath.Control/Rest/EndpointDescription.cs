using FastPath.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FastPath.Control.Rest;

/// <summary>
/// What the OpenAPI document says about an endpoint. Handlers take the HttpContext and bind by hand, which costs
/// nothing a request; so what they take and answer is declared here, beside the mapping.
/// </summary>
internal static class EndpointDescription
{
    /// <param name="endpoint">What was mapped.</param>
    /// <param name="id">Name of the operation for generated clients, unique.</param>
    /// <param name="summary">What it does, in a sentence.</param>
    public static RouteHandlerBuilder Describe(this IEndpointConventionBuilder endpoint, string id, string summary)
    {
        // The generator passes over endpoints whose method it does not know.
        endpoint.Add(builder => builder.Metadata.Add(builder.RequestDelegate!.Method));
        return new RouteHandlerBuilder([endpoint]).WithName(id).WithSummary(summary);
    }

    /// <summary>Bodies of success, as JSON.</summary>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (int status in statuses is [] ? [StatusCodes.Status200OK] : statuses)
            endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), [JsonAnswer.MediaType]));
        return endpoint.WithMetadata(Failure(StatusCodes.Status400BadRequest));
    }

    /// <summary>A success as text of some types.</summary>
    public static RouteHandlerBuilder AnswersText(this RouteHandlerBuilder endpoint, params string[] mediaTypes) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), mediaTypes));

    /// <summary>A success without a body.</summary>
    public static RouteHandlerBuilder Empty(this RouteHandlerBuilder endpoint, int status) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(void)));

    /// <summary>The body that a change takes; routing answers 415 to others.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint, params string[] mediaTypes)
        where T : notnull =>
        mediaTypes is [string first, .. string[] others]
            ? endpoint.Accepts<T>(first, others)
            : endpoint.Accepts<T>(JsonAnswer.MediaType);

    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (int status in statuses)
            endpoint.WithMetadata(Failure(status));
        return endpoint;
    }

    /// <summary>How a change can fail.</summary>
    public static RouteHandlerBuilder FailsAsChange(this RouteHandlerBuilder endpoint) =>
        endpoint.Fails(404, 409, 412, 413, 415, 422);

    /// <summary>The query parameters; others are refused.</summary>
    public static void Queries(this RouteHandlerBuilder endpoint, params string[] names) =>
        endpoint.WithMetadata(new QueryNames(names));

    private static ProducesResponseTypeMetadata Failure(int status) =>
        new(status, typeof(Problem), [Problems.MediaType]);
}
