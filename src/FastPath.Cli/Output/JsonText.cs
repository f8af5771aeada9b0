using System.IO;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FastPath.Api;

namespace FastPath.Cli.Output;

/// <summary>JSON for programs, and for people who look at it.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions s_indented = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write<T>(TextWriter output, T value) =>
        output.WriteLine(JsonSerializer.Serialize(value, ApiJson.Indented.TypeOf<T>()));

    /// <summary>Indents without reading: members that this client does not know stay.</summary>
    public static void Write(TextWriter output, string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        using MemoryStream text = new();
        using (Utf8JsonWriter writer = new(text, s_indented))
            document.WriteTo(writer);
        output.WriteLine(Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length));
    }
}
