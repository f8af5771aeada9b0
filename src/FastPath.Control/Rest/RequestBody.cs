using System;
using System.IO;
using System.Threading.Tasks;
using CommunityToolkit.HighPerformance.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FastPath.Control.Rest;

/// <summary>A request's body in a pooled buffer, with a bound on its length.</summary>
internal static class RequestBody
{
    /// <summary>Bytes of one resource; the longest sensible one, a bridge with 250 remotes, has 6,000.</summary>
    public const int ResourceBytesMax = 64 * 1024;

    /// <summary>Bytes of a whole configuration, some 100,000 routes.</summary>
    public const int ConfigBytesMax = 16 * 1024 * 1024;

    private const int ReadBytes = 4096;

    /// <summary>Reads a body to its end.</summary>
    /// <exception cref="BadHttpRequestException">Longer than allowed (413).</exception>
    public static async Task<ArrayPoolBufferWriter<byte>> Read(HttpContext http, int bytesMax)
    {
        if (http.Request.ContentLength > bytesMax)
            throw TooLarge(bytesMax);
        ArrayPoolBufferWriter<byte> buffer = new((int)(http.Request.ContentLength ?? ReadBytes) + 1);
        try
        {
            Stream body = http.Request.Body;
            int read;
            while ((read = await body.ReadAsync(buffer.GetMemory(1), http.RequestAborted)) > 0)
            {
                buffer.Advance(read);
                if (buffer.WrittenCount > bytesMax)
                    throw TooLarge(bytesMax);
            }

            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether the body is said to be of one of these types; a body without a type is taken for the first.
    /// </summary>
    public static bool IsOf(HttpRequest request, params ReadOnlySpan<string> mediaTypes)
    {
        if (string.IsNullOrEmpty(request.ContentType))
            return true;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type))
            return false;
        foreach (string mediaType in mediaTypes)
            if (type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase))
                return IsUtf8(type);
        return false;
    }

    private static bool IsUtf8(MediaTypeHeaderValue type) =>
        !type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
        || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase);

    private static BadHttpRequestException TooLarge(int bytesMax) =>
        new($"the body has more than {bytesMax} bytes", StatusCodes.Status413PayloadTooLarge);
}
