using System.Text.Json;
using System.Threading.Tasks;
using CommunityToolkit.HighPerformance.Buffers;
using FastPath.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;

namespace FastPath.Control.Rest;

/// <summary>
/// Writes answers as JSON. Text is made in pooled buffers by generated code, so that polling the API leaves little
/// for the garbage collector to do beside the workers.
/// </summary>
internal static class JsonAnswer
{
    public const string MediaType = "application/json";

    private static readonly ObjectPool<Writer> s_writers = ObjectPool.Create<Writer>(new WriterPolicy());

    public static async Task Write<T>(HttpContext http, int status, T value, string mediaType = MediaType)
    {
        Writer writer = s_writers.Get();
        try
        {
            JsonSerializer.Serialize(writer.Json, value, ApiJson.Strict.TypeOf<T>());
            http.Response.StatusCode = status;
            http.Response.ContentType = mediaType;
            http.Response.ContentLength = writer.Buffer.WrittenCount;
            await http.Response.Body.WriteAsync(writer.Buffer.WrittenMemory, http.RequestAborted);
        }
        finally
        {
            s_writers.Return(writer);
        }
    }

    /// <summary>A buffer and the writer that fills it.</summary>
    private sealed class Writer
    {
        public Writer() =>
            Json = new Utf8JsonWriter(Buffer, new JsonWriterOptions { Encoder = ApiJson.Strict.Encoder });

        public ArrayPoolBufferWriter<byte> Buffer { get; } = new(initialCapacity: 4096);

        public Utf8JsonWriter Json { get; }
    }

    private sealed class WriterPolicy : PooledObjectPolicy<Writer>
    {
        // A dump of a full forwarding database is megabytes: such a buffer is not kept.
        private const int KeptBytesMax = 256 * 1024;

        public override Writer Create() => new();

        public override bool Return(Writer writer)
        {
            writer.Json.Reset();
            if (writer.Buffer.Capacity > KeptBytesMax)
            {
                writer.Buffer.Dispose();
                return false;
            }

            writer.Buffer.Clear();
            return true;
        }
    }
}
