using Microsoft.AspNetCore.Http;

namespace FastPath.Control.Rest;

/// <summary>A kind of problem (RFC 9457 3.1): a name that does not change, a status and a title.</summary>
internal sealed record ProblemKind(string Name, int Status, string Title)
{
    public static readonly ProblemKind Malformed =
        new("malformed", StatusCodes.Status400BadRequest, "The request cannot be read");

    public static readonly ProblemKind Forbidden =
        new("forbidden", StatusCodes.Status403Forbidden, "Not allowed");

    public static readonly ProblemKind NotFound =
        new("not-found", StatusCodes.Status404NotFound, "Not found");

    public static readonly ProblemKind BadMethod =
        new("method-not-allowed", StatusCodes.Status405MethodNotAllowed, "Method not allowed");

    public static readonly ProblemKind NotAcceptable =
        new("not-acceptable", StatusCodes.Status406NotAcceptable, "No such representation");

    public static readonly ProblemKind InUse =
        new("in-use", StatusCodes.Status409Conflict, "Still in use");

    public static readonly ProblemKind Changed =
        new("changed", StatusCodes.Status412PreconditionFailed, "The precondition does not hold");

    public static readonly ProblemKind TooLarge =
        new("too-large", StatusCodes.Status413PayloadTooLarge, "The body is too large");

    public static readonly ProblemKind BadMediaType =
        new("media-type", StatusCodes.Status415UnsupportedMediaType, "Media type not supported");

    public static readonly ProblemKind Invalid =
        new("invalid", StatusCodes.Status422UnprocessableEntity, "The configuration is not valid");

    public static readonly ProblemKind Internal =
        new("internal", StatusCodes.Status500InternalServerError, "A fault of FastPath");

    public string Type => "urn:fastpath:problem:" + Name;

    /// <summary>The kind that a status alone stands for.</summary>
    public static ProblemKind Of(int status) => status switch
    {
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status405MethodNotAllowed => BadMethod,
        StatusCodes.Status413PayloadTooLarge => TooLarge,
        StatusCodes.Status415UnsupportedMediaType => BadMediaType,
        >= 400 and < 500 => Malformed with { Status = status },
        _ => Internal,
    };
}
