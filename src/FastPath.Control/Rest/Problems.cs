using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using FastPath.Api;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FastPath.Control.Rest;

/// <summary>Every error leaves as application/problem+json; an operator's mistake never as a 5xx.</summary>
internal static partial class Problems
{
    public const string MediaType = "application/problem+json";

    public static Task Write(
        HttpContext http, ProblemKind kind, string detail, IReadOnlyList<FieldError>? errors = null)
    {
        Problem problem = new()
        {
            Type = kind.Type,
            Title = kind.Title,
            Status = kind.Status,
            Detail = detail,
            Errors = errors ?? [],
        };
        return JsonAnswer.Write(http, kind.Status, problem, MediaType);
    }

    /// <summary>What one field of the path or of the query is not.</summary>
    public static Task WriteField(HttpContext http, ProblemKind kind, FieldError error) =>
        Write(http, kind, $"{error.Path}: {error.Message}", [error]);

    /// <summary>What is wrong with a body.</summary>
    public static Task WriteMistakes(HttpContext http, IReadOnlyList<FieldError> errors) =>
        Write(http, ProblemKind.Malformed, errors.Count == 1 ? errors[0].Message : $"{errors.Count} mistakes", errors);

    /// <summary>Gives the statuses that routing answers with (404, 405, 415) their body.</summary>
    public static Task WriteStatus(StatusCodeContext context)
    {
        HttpContext http = context.HttpContext;
        HttpRequest request = http.Request;
        return Write(http, ProblemKind.Of(http.Response.StatusCode), http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"there is no resource at {request.Path}",
            StatusCodes.Status405MethodNotAllowed =>
                $"{request.Path} knows {http.Response.Headers.Allow}, not {request.Method}",
            StatusCodes.Status415UnsupportedMediaType =>
                $"the body is \"{request.ContentType}\": send {Accepted(request)}",
            _ => "",
        });
    }

    /// <summary>
    /// Turns exceptions into problems; what is none of the operator's mistakes is logged and becomes a 500.
    /// </summary>
    public static RequestDelegate Catch(RequestDelegate next, ILogger log) => async http =>
    {
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client went away; there is nobody to answer.
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await Write(http, ProblemKind.Of(e.StatusCode), e.Message);
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            LogFault(log, http.Request.Method, http.Request.Path, e);
            await Write(http, ProblemKind.Internal, "the log of fastpathd says more: please report it");
        }
    };

    private static string Accepted(HttpRequest request) => request.Path.StartsWithSegments(RestApi.ConfigPath)
        ? $"{JsonAnswer.MediaType} or {ConfigEndpoints.Yaml}"
        : JsonAnswer.MediaType;

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private static partial void LogFault(ILogger log, string method, string path, Exception e);
}
