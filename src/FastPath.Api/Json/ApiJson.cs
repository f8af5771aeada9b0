using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace FastPath.Api;

/// <summary>
/// The two sets of rules for JSON. A server refuses what it does not understand, because a misspelt member that is
/// ignored is a configuration that does not do what its author thinks. A client ignores members it does not know, so
/// that an older client works with a newer daemon.
/// </summary>
public static class ApiJson
{
    /// <summary>Levels of nesting; the deepest document of the API has six.</summary>
    public const int DepthMax = 16;

    /// <summary>For what a server reads and writes.</summary>
    public static JsonSerializerOptions Strict { get; } = Make(JsonUnmappedMemberHandling.Disallow, indented: false);

    /// <summary>For what a client reads.</summary>
    public static JsonSerializerOptions Lenient { get; } = Make(JsonUnmappedMemberHandling.Skip, indented: false);

    /// <summary>For what a person reads.</summary>
    public static JsonSerializerOptions Indented { get; } = Make(JsonUnmappedMemberHandling.Disallow, indented: true);

    /// <summary>How a record is read and written under some rules; made once and cached by the options.</summary>
    public static JsonTypeInfo<T> TypeOf<T>(this JsonSerializerOptions options) =>
        (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions Make(JsonUnmappedMemberHandling unmapped, bool indented)
    {
        bool isStrict = unmapped == JsonUnmappedMemberHandling.Disallow;
        JsonSerializerOptions options = new()
        {
            TypeInfoResolver = ApiJsonContext.Default,
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.Strict,
            UnmappedMemberHandling = unmapped,
            AllowDuplicateProperties = !isStrict,
            RespectNullableAnnotations = isStrict,
            MaxDepth = DepthMax,
            WriteIndented = indented,
            // Sentences contain apostrophes and ">"; nothing of this is ever pasted into HTML unescaped.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.MakeReadOnly();
        return options;
    }
}
