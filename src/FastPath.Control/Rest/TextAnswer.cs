using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace FastPath.Control.Rest;

/// <summary>Writes answers that are not JSON.</summary>
internal static class TextAnswer
{
    public static Task Write(HttpContext http, string text, string mediaType, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = mediaType + "; charset=utf-8";
        return http.Response.WriteAsync(text, http.RequestAborted);
    }
}
