using System.Collections.Generic;
using System.Threading.Tasks;
using CommunityToolkit.HighPerformance.Buffers;
using FastPath.Api;
using Microsoft.AspNetCore.Http;

namespace FastPath.Control.Rest;

/// <summary>The object in a request's body, read strictly.</summary>
internal static class JsonBody
{
    /// <summary>Reads it, or answers the request with what is wrong.</summary>
    /// <param name="http">The request.</param>
    /// <param name="pointer">Place of the object in the document, so that errors have the paths the validator
    /// uses.</param>
    /// <returns>The object; null when the client has got an answer.</returns>
    public static async Task<T?> Read<T>(HttpContext http, string pointer)
        where T : class
    {
        if (!RequestBody.IsOf(http.Request, JsonAnswer.MediaType))
        {
            await Problems.Write(http, ProblemKind.BadMediaType,
                $"the body is \"{http.Request.ContentType}\": send {JsonAnswer.MediaType} in UTF-8");
            return null;
        }

        List<FieldError> errors = [];
        using ArrayPoolBufferWriter<byte> body = await RequestBody.Read(http, RequestBody.ResourceBytesMax);
        if (StrictJson.Read<T>(body.WrittenMemory, pointer, errors) is { } value)
            return value;
        await Problems.WriteMistakes(http, errors);
        return null;
    }
}
